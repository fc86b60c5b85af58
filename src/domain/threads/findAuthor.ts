import type { EntityManager } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import type { ActorRef } from '../../views/identity.ts';

/** The author of a thread for its view, with a read only when it is someone else than the actor; null: anonymised. */
export async function findAuthor(
  em: EntityManager,
  actor: ActorRef,
  authorId: string | null | undefined,
): Promise<ActorRef | null> {
  if (!authorId) return null;
  if (authorId === actor.id) return actor;
  return em.findOne(Actor, { id: authorId }, { filters: false });
}
