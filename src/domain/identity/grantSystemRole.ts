import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../entities/identity/Actor.ts';
import { CasbinRule, roleRule } from '../../entities/policies/CasbinRule.ts';
import { keepAnAdministrator } from '../policies/lockOut.ts';
import { findSystemRole } from './findSystemRole.ts';

/** Has everyone signed in, without a rule that says so. */
export const baseRole = 'user';

/** Told of each role that a person gets or loses; throws to refuse. */
export type CheckRole = (role: string) => void;

/**
 * Gives a person a system role in place of the one they have; `user`, which everyone has, takes it away. The
 * rules that Casbin reads are written in the same transaction.
 * @param actor who gets the role
 * @throws LAST_ADMIN when nobody else could administer; ROLE_UNKNOWN
 */
export async function grantSystemRole(
  em: EntityManager,
  actor: Actor,
  role: string,
  checkRole: CheckRole = () => {},
): Promise<void> {
  await keepAnAdministrator(em, async () => {
    const granted = await findSystemRole(em, role);
    const { v0, v1: wanted } = roleRule(actor.id, granted.name, '*');
    // All of them: one that was written directly in the database would otherwise stay for ever.
    const held = await em.find(CasbinRule, { ptype: 'g', v0, v2: '*' });
    const lost = held.filter((rule) => rule.v1 !== wanted);
    for (const rule of lost) checkRole(rule.v1.replace('role:', ''));
    em.remove(lost);
    if (granted.name !== baseRole && !held.some((rule) => rule.v1 === wanted)) {
      checkRole(granted.name);
      em.create(CasbinRule, roleRule(actor.id, granted.name, '*'));
    }
    actor.roleId = granted.id;
  });
}
