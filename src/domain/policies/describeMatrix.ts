import type { EntityManager } from '@mikro-orm/postgresql';
import type { PolicyRule } from '../../authz/PolicyRule.ts';
import { Snapshot } from '../../authz/Snapshot.ts';
import type { MatrixRole, PolicyMatrix } from '../../views/policies.ts';
import { parentsOf } from './viewRoleOf.ts';
import { describeCells } from './describeCells.ts';
import { nameRoles } from './findRefusals.ts';
import { readPolicy } from './readPolicy.ts';
import { type KnownRole, readRoles } from './sql/readRoles.ts';

const unregistered = { scope: 'unregistered', description: '', isBuiltin: false } as const;

function listRoles(known: readonly KnownRole[], rules: readonly PolicyRule[]): MatrixRole[] {
  const byName = new Map(known.map((role) => [role.name, role]));
  return [...nameRoles(known, rules)].map((name) => {
    const { scope, description, isBuiltin } = byName.get(name) ?? unregistered;
    return { name, scope, description, isBuiltin, inherits: parentsOf(name, rules) };
  });
}

/**
 * The policy as roles × procedures.
 * @param em of a transaction that sees one instant
 */
export async function describeMatrix(
  em: EntityManager,
  procedures: PolicyMatrix['procedures'],
): Promise<PolicyMatrix> {
  const { epoch, rules } = await readPolicy(em);
  const roles = listRoles(await readRoles(em), rules);
  const policy = await Snapshot.of(rules, epoch);
  const cells = describeCells(
    policy,
    roles.map(({ name }) => name),
  );
  return { epoch, roles, procedures, cells: [...cells.values()] };
}
