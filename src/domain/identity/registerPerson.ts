import type { EntityManager } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { claimUsername } from './claimUsername.ts';
import { findSystemRole } from './findSystemRole.ts';

export interface NewPerson {
  id: string;
  name: string;
  /** In lower case, like the e-mail address. */
  username: string;
  email: string;
  passwordHash: string;
}

/** Makes a person's account, with the system role `user`. @throws EMAIL_TAKEN, USERNAME_TAKEN */
export async function registerPerson(em: EntityManager, person: NewPerson): Promise<Actor> {
  if (await em.findOne(Actor, { email: person.email })) fail('EMAIL_TAKEN');
  await claimUsername(em, person.username);
  const role = await findSystemRole(em, 'user');
  return em.create(Actor, {
    id: person.id,
    actorType: 'person',
    name: person.name,
    username: person.username,
    email: person.email,
    passwordHash: person.passwordHash,
    roleId: role.id,
    isVerified: false,
    credits: 0,
    creditsHeld: 0,
    creditDebt: 0,
  });
}
