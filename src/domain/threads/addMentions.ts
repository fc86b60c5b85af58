import type { EntityManager } from '@mikro-orm/postgresql';
import type { ActorRef } from '../../views/identity.ts';
import { CommentMention } from '../../entities/threads/CommentMention.ts';

/**
 * Records who is mentioned in a comment, except its author. `at` is the comment's `createdAt` or `editedAt`:
 * by it the follower of the log knows which mentions an event brought.
 */
export function addMentions(
  em: EntityManager,
  actor: ActorRef,
  { commentId, actorIds, at }: { commentId: string; actorIds: Iterable<string>; at: Date },
): void {
  for (const actorId of new Set(actorIds)) {
    if (actorId !== actor.id) em.create(CommentMention, { commentId, actorId, createdAt: at });
  }
}
