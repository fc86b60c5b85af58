import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { useEmailToken } from './emailTokens.ts';

/** Marks the address that the link was mailed to as its owner's; a link to a former address does nothing. @throws TOKEN_INVALID */
export async function verifyEmail(em: EntityManager, tokenHash: Buffer): Promise<Actor> {
  const token = await useEmailToken(em, 'verify', tokenHash);
  const actor = await em.findOne(
    Actor,
    { id: token.actorId, email: token.email },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!actor) return fail('TOKEN_INVALID');
  actor.isVerified = true;
  return actor;
}
