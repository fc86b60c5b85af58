import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

const sql = `
with recursive given (role) as (
  select 'role:' || $1::text
  union
  select r.v1 from given join casbin_rules r on r.ptype = 'g' and r.v0 = given.role and r.v2 = '*'
)
select exists (
  select from given join casbin_rules p on p.ptype = 'p' and p.v0 = given.role and p.v3 = 'deny'
) as denies`;

/** Whether a role, itself or by what it inherits, denies anything: who is given it can lose what they had. */
export async function readWhetherDenies(em: EntityManager, role: string): Promise<boolean> {
  const [row] = await executePrepared<{ denies: boolean }>(em, sql, [role]);
  return row?.denies ?? false;
}
