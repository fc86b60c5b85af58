import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { useEmailToken } from './emailTokens.ts';
import { retireEmailTokens } from './sql/retireEmailTokens.ts';
import { revokeApiKeys } from './sql/revokeApiKeys.ts';
import { revokeSessions } from './sql/revokeSessions.ts';

/**
 * Sets a new password for who holds the link that was mailed, ends all sessions and makes the account's other
 * reset links useless. Who reads mail at an address owns it: an account that was made with an address never
 * verified may have been made by somebody else, so its API keys go too.
 * @throws TOKEN_INVALID
 */
export async function resetPassword(
  em: EntityManager,
  input: { tokenHash: Buffer; passwordHash: string },
): Promise<Actor> {
  const token = await useEmailToken(em, 'reset', input.tokenHash);
  const actor = await em.findOne(
    Actor,
    { id: token.actorId, email: token.email },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!actor) return fail('TOKEN_INVALID');
  actor.passwordHash = input.passwordHash;
  if (!actor.isVerified) await revokeApiKeys(em, actor.id);
  actor.isVerified = true;
  await retireEmailTokens(em, 'reset', actor.id);
  await revokeSessions(em, actor.id);
  return actor;
}
