import type { EntityManager } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';

/** Refuses a username that is in use; who is faster in a race is decided by the unique index. @throws USERNAME_TAKEN */
export async function claimUsername(em: EntityManager, username: string): Promise<void> {
  if (await em.findOne(Actor, { username })) fail('USERNAME_TAKEN', { username });
}
