/** The way to the first administrator: a link that works once, and only while there is none. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { issueEmailToken, useEmailToken } from './emailTokens.ts';
import { grantSystemRole } from './grantSystemRole.ts';
import { type NewPerson, registerPerson } from './registerPerson.ts';
import { hasActiveAdmin } from './sql/hasActiveAdmin.ts';
import { lockAdmins } from './sql/lockAdmins.ts';
import { retireEmailTokens } from './sql/retireEmailTokens.ts';

/**
 * Makes a link by which its holder becomes the first administrator, within 24 hours.
 * @param publicUrl without a slash at the end
 * @returns null when there is an active administrator.
 */
export async function makeSetupLink(em: EntityManager, publicUrl: string): Promise<string | null> {
  await lockAdmins(em);
  if (await hasActiveAdmin(em)) return null;
  return `${publicUrl}/setup#${issueEmailToken(em, 'setup', null)}`;
}

/**
 * Makes the first administrator's account; every other setup link is useless from then on.
 * @throws TOKEN_INVALID also when there is an administrator by now; EMAIL_TAKEN, USERNAME_TAKEN
 */
export async function setUp(em: EntityManager, person: NewPerson & { tokenHash: Buffer }): Promise<Actor> {
  await lockAdmins(em);
  await useEmailToken(em, 'setup', person.tokenHash);
  if (await hasActiveAdmin(em)) fail('TOKEN_INVALID');
  const actor = await registerPerson(em, person);
  await grantSystemRole(em, actor, 'admin');
  await retireEmailTokens(em, 'setup', null);
  return actor;
}
