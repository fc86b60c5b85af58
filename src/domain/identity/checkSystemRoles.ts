import type { EntityManager } from '@mikro-orm/postgresql';
import { CasbinRule } from '../../entities/policies/CasbinRule.ts';
import type { CheckRole } from './grantSystemRole.ts';

/** Has each role checked that a person holds everywhere; the caller has locked the policy. */
export async function checkSystemRoles(
  em: EntityManager,
  actorId: string,
  checkRole: CheckRole,
): Promise<void> {
  for (const { v1 } of await em.find(CasbinRule, { ptype: 'g', v0: `user:${actorId}`, v2: '*' }))
    checkRole(v1.replace('role:', ''));
}
