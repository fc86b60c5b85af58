import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../entities/identity/Actor.ts';
import { CasbinRule, roleRule } from '../../entities/policies/CasbinRule.ts';
import { fail } from '../../errors.ts';
import { findSystemRole } from './findSystemRole.ts';
import { hasActiveAdmin } from './sql/hasActiveAdmin.ts';
import { lockAdmins } from './sql/lockAdmins.ts';

export type SystemRole = 'user' | 'admin';

/**
 * Gives a person a system role in place of the one they have. The rule that Casbin reads is written in the
 * same transaction; `user` needs none, everyone signed in has it.
 * @param actor who gets the role
 * @throws LAST_ADMIN when nobody else could administer; ROLE_UNKNOWN
 */
export async function grantSystemRole(em: EntityManager, actor: Actor, role: SystemRole): Promise<void> {
  await lockAdmins(em);
  const granted = await findSystemRole(em, role);
  const rule = roleRule(actor.id, 'admin', '*');
  const held = await em.findOne(CasbinRule, rule);
  if (role === 'admin') {
    if (!held) em.create(CasbinRule, rule);
  } else if (held) {
    if (!(await hasActiveAdmin(em, actor.id))) fail('LAST_ADMIN');
    em.remove(held);
  }
  actor.roleId = granted.id;
}
