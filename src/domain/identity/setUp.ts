import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { hasAdministrator, readPresentPolicy } from '../policies/lockOut.ts';
import { lockPolicy } from '../policies/sql/lockPolicy.ts';
import { useEmailToken } from './emailTokens.ts';
import { grantSystemRole } from './grantSystemRole.ts';
import { type NewPerson, registerPerson } from './registerPerson.ts';
import { retireEmailTokens } from './sql/retireEmailTokens.ts';

/**
 * Makes the first administrator's account, for who holds a link of makeSetupLink's; every other such link is
 * useless from then on.
 * @throws TOKEN_INVALID also when there is an administrator by now; EMAIL_TAKEN, USERNAME_TAKEN
 */
export async function setUp(em: EntityManager, person: NewPerson & { tokenHash: Buffer }): Promise<Actor> {
  await lockPolicy(em);
  await useEmailToken(em, 'setup', person.tokenHash);
  if (await hasAdministrator(em, await readPresentPolicy(em))) fail('TOKEN_INVALID');
  const actor = await registerPerson(em, person);
  await grantSystemRole(em, actor, 'admin');
  await retireEmailTokens(em, 'setup', null);
  return actor;
}
