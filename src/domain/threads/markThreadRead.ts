import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';
import type { ActorRef } from '../../views/identity.ts';
import { findThreadState } from './sql/findThreadState.ts';
import { putThreadRead } from './sql/putThreadRead.ts';

/**
 * Records that the actor has read a thread up to a comment, or all that is there. It never goes back.
 * @returns the moment up to which everything counts as read; null when there was nothing to read.
 * @throws NOT_FOUND
 */
export async function markThreadRead(
  em: EntityManager,
  actor: ActorRef,
  input: { projectId: string; threadId: string; commentId?: string | undefined },
): Promise<Date | null> {
  const thread = await findThreadState(em, input.projectId, input.threadId);
  if (!thread || thread.isDeleted) return fail('NOT_FOUND', { thing: 'thread' });
  const readUpTo = await putThreadRead(em, {
    threadId: input.threadId,
    actorId: actor.id,
    commentId: input.commentId ?? null,
  });
  if (!readUpTo && input.commentId) return fail('NOT_FOUND', { thing: 'comment' });
  return readUpTo ?? null;
}
