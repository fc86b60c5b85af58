import type { EntityManager } from '@mikro-orm/postgresql';
import { Comment } from '../../entities/threads/Comment.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewComment } from '../../views/threads.ts';
import { recordReferences } from '../social/recordReferences.ts';
import { addMentions } from './addMentions.ts';
import { findThreadState } from './sql/findThreadState.ts';

export interface NewComment {
  id?: string | undefined;
  projectId: string;
  threadId: string;
  body: string;
  /** Ids of the actors whom the body mentions and who may see the thread. */
  mentioned: readonly string[];
}

/**
 * Adds a comment to a thread; a resolved thread stays resolved.
 * @throws NOT_FOUND when the project has no such thread, REPLY_TO_DELETED.
 */
export async function addComment(em: EntityManager, actor: ActorRef, input: NewComment): Promise<Comment> {
  const thread = await findThreadState(em, input.projectId, input.threadId);
  if (!thread) return fail('NOT_FOUND', { thing: 'thread' });
  if (thread.isDeleted) return fail('REPLY_TO_DELETED');
  const comment = em.create(Comment, {
    ...(input.id ? { id: input.id } : {}),
    threadId: input.threadId,
    authorId: actor.id,
    authorType: 'USER',
    body: input.body,
  });
  addMentions(em, actor, { commentId: comment.id, actorIds: input.mentioned, at: comment.createdAt });
  emit(em, `project:${input.projectId}`, 'comment.added', () => viewComment(comment, actor));
  const { projectId, body } = input;
  recordReferences(em, { projectId, source: { commentId: comment.id }, text: body, isNew: true });
  return comment;
}
