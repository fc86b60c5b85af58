import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import type { Credential } from './sql/findCredential.ts';
import { retireEmailTokens } from './sql/retireEmailTokens.ts';
import { revokeSessions } from './sql/revokeSessions.ts';

/**
 * Sets a new password for who gave the present one; all other sessions end, reset links under way are useless.
 * @param input.credential as it stood when the present password was compared
 * @param input.sessionId the session that stays
 * @throws WRONG_PASSWORD when the password was changed meanwhile
 */
export async function changePassword(
  em: EntityManager,
  input: { credential: Credential; passwordHash: string; sessionId: string | null },
): Promise<Actor> {
  const { actorId, passwordHash } = input.credential;
  const actor = await em.findOne(
    Actor,
    { id: actorId, passwordHash },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!actor) return fail('WRONG_PASSWORD');
  actor.passwordHash = input.passwordHash;
  await retireEmailTokens(em, 'reset', actor.id);
  await revokeSessions(em, actor.id, input.sessionId);
  return actor;
}
