import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { audit } from '../../events/audit.ts';
import { fail } from '../../errors.ts';
import { type Device, type OpenedSession, openSession } from './openSession.ts';
import type { Credential } from './sql/findCredential.ts';

/** A sign-in whose password was found right. */
export interface SignIn {
  /** As it stood when the password was compared. */
  credential: Credential;
  /** The same password hashed with today's parameters, when the stored hash is older. */
  renewedHash: string | undefined;
  device: Device;
}

/**
 * Opens a session for who gave the right password. The row is locked and its hash compared again: a password
 * that was changed while argon2 ran opens nothing, so a reset that revokes all sessions misses none.
 * @throws BAD_CREDENTIALS, ACCOUNT_SUSPENDED
 */
export async function signIn(
  em: EntityManager,
  input: SignIn,
): Promise<{ actor: Actor; session: OpenedSession }> {
  const { actorId, passwordHash } = input.credential;
  const actor = await em.findOne(
    Actor,
    { id: actorId, passwordHash },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!actor) return fail('BAD_CREDENTIALS');
  if (!actor.isActive()) fail('ACCOUNT_SUSPENDED');
  if (input.renewedHash) actor.passwordHash = input.renewedHash;
  audit(em, { action: 'sign_in', entityType: 'actors', entityId: actor.id });
  return { actor, session: openSession(em, actor.id, input.device) };
}
