import type { EntityManager } from '@mikro-orm/postgresql';
import type { PolicyRule } from '../../authz/PolicyRule.ts';
import type { Role } from '../../entities/identity/Role.ts';
import type { RoleView } from '../../views/policies.ts';
import { readPolicy } from './readPolicy.ts';
import { countHolders } from './sql/countHolders.ts';

/** Names of the roles that a role inherits at first hand. */
export function parentsOf(role: string, rules: readonly PolicyRule[]): string[] {
  return rules.flatMap((rule) => (rule.kind === 'inheritance' && rule.role === role ? [rule.inherits] : []));
}

/** A role as administrators see it, inside the transaction that changed it. */
export async function viewRoleOf(role: Role, em: EntityManager): Promise<RoleView> {
  const { id, name, scope, description, isBuiltin, createdAt, updatedAt } = role;
  const { rules } = await readPolicy(em);
  return {
    id,
    name,
    scope,
    description,
    isBuiltin,
    inherits: parentsOf(name, rules),
    holders: await countHolders(em, role),
    createdAt,
    updatedAt,
  };
}
