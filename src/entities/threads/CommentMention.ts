import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Comment } from './Comment.ts';

/** A person named in a comment by `@username`, who could see it when it was written. */
export const CommentMentionSchema = defineEntity({
  name: 'CommentMention',
  tableName: 'comment_mentions',
  properties: {
    commentId: () => p.manyToOne(Comment).mapToPk().primary().deleteRule('cascade'),
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade').index(),
    createdAt: createdAt(),
  },
});

export class CommentMention extends CommentMentionSchema.class {}
CommentMentionSchema.setClass(CommentMention);
