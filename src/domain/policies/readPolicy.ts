import type { EntityManager } from '@mikro-orm/postgresql';
import type { PolicyRule } from '../../authz/PolicyRule.ts';
import { readPolicyRows } from './sql/readPolicyRows.ts';

/** The policy and its epoch, as this transaction sees them in one instant; rules in the order they were written. */
export async function readPolicy(em: EntityManager): Promise<{ epoch: number; rules: PolicyRule[] }> {
  const { epoch, rows } = await readPolicyRows(em);
  return { epoch, rules: rows.map(({ rule }) => rule) };
}
