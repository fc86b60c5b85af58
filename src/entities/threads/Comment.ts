import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, moment } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { CommentThread } from './CommentThread.ts';
import { fail } from '../../errors.ts';
import { deletedIndex } from '../deletedIndex.ts';

/** One contribution to a thread, in Markdown. `authorId` is null for an AI author and after anonymisation. */
export const CommentSchema = defineEntity({
  name: 'Comment',
  tableName: 'comments',
  indexes: [
    { name: 'comments_thread_id_created_at_index', properties: ['threadId', 'createdAt', 'id'] },
    deletedIndex('comments'),
    {
      name: 'comments_search_index',
      expression: `create index "comments_search_index" on "comments" using gin (to_tsvector('simple'::regconfig, body)) where deleted_at is null`,
    },
  ],
  checks: [
    { name: 'comments_body_size', expression: 'octet_length(body) >= 1 and octet_length(body) <= 65536' },
  ],
  properties: {
    id: id(),
    threadId: () => p.manyToOne(CommentThread).mapToPk().deleteRule('cascade'),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    authorType: p
      .enum(['USER', 'AI'] as const)
      .nativeEnumName('author_type')
      .default('USER'),
    body: p.text(),
    editedAt: moment(),
    createdAt: createdAt(),
    deletedAt: deletedAt(),
  },
});

export class Comment extends CommentSchema.class {
  /** @throws NOT_AUTHOR unless `actorId` wrote the comment. */
  edit(actorId: string, body: string, now: Date): void {
    if (this.authorId !== actorId) fail('NOT_AUTHOR');
    if (body === this.body) return;
    this.body = body;
    this.editedAt = now;
  }
}
CommentSchema.setClass(Comment);
