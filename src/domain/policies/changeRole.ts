import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { builtinRoles, implicitRoles } from '../../authz/builtinRoles.ts';
import { Role } from '../../entities/identity/Role.ts';
import { fail } from '../../errors.ts';
import type { RoleScope } from '../../views/policies.ts';
import { changePolicy } from './changePolicy.ts';
import type { Editor } from './findRefusals.ts';
import { readPolicy } from './readPolicy.ts';
import { countHolders } from './sql/countHolders.ts';
import { isNamedInRules } from './sql/isNamedInRules.ts';
import { lockPolicy } from './sql/lockPolicy.ts';

export interface NewRole {
  id?: string | undefined;
  name: string;
  scope: RoleScope;
  description: string;
  /** Names of roles whose permissions it has too. */
  inherits: readonly string[];
}

const reserved = new Set([...implicitRoles, ...builtinRoles].map(({ name }) => name));

async function refuseTaken(em: EntityManager, name: string): Promise<void> {
  const refuse = (reason: string) => fail('ROLE_NAME_TAKEN', { role: name, reason });
  if (reserved.has(name)) refuse('it belongs to the system');
  if (await em.findOne(Role, { name })) refuse('there is such a role');
  // A new role must not come into rights that nobody gave it.
  if (await isNamedInRules(em, name)) refuse('there are rules that name it');
}

async function lockRole(em: EntityManager, name: string): Promise<Role> {
  return (
    (await em.findOne(Role, { name }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
    fail('NOT_FOUND', { thing: 'role' })
  );
}

/**
 * Makes a role that can be given; what it permits is a matter of rules.
 * @throws ROLE_NAME_TAKEN, and for what it inherits whatever changePolicy throws
 */
export async function createRole(em: EntityManager, input: NewRole, editor: Editor): Promise<Role> {
  const { id, name, scope, description, inherits } = input;
  await lockPolicy(em);
  await refuseTaken(em, name);
  const role = em.create(Role, { ...(id ? { id } : {}), name, scope, description, isBuiltin: false });
  await em.flush();
  const add = inherits.map((parent) => ({ kind: 'inheritance', role: name, inherits: parent }) as const);
  await changePolicy(em, { add, remove: [] }, { baseEpoch: null, reason: `made the role ${name}`, editor });
  return role;
}

/** Says anew what a role is for. @throws NOT_FOUND */
export async function updateRole(em: EntityManager, name: string, description: string): Promise<Role> {
  const role = await lockRole(em, name);
  role.description = description;
  return role;
}

/**
 * Deletes a role that nobody holds, with all rules that name it.
 * @throws NOT_FOUND, ROLE_BUILTIN, ROLE_IN_USE, and what changePolicy throws
 */
export async function deleteRole(em: EntityManager, name: string, editor: Editor): Promise<Role> {
  await lockPolicy(em);
  // Whoever is being given the role has a share of its row: what they do is seen, or fails.
  const role = await lockRole(em, name);
  if (role.isBuiltin) fail('ROLE_BUILTIN', { role: name });
  const count = await countHolders(em, role);
  if (count > 0) fail('ROLE_IN_USE', { role: name, count });
  const { rules } = await readPolicy(em);
  const remove = rules.filter(
    (rule) => rule.role === name || (rule.kind === 'inheritance' && rule.inherits === name),
  );
  await changePolicy(
    em,
    { add: [], remove },
    { baseEpoch: null, reason: `deleted the role ${name}`, editor },
  );
  em.remove(role);
  return role;
}
