import type { EntityManager } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { executePrepared } from '../../../database/executePrepared.ts';
import { type PolicyRule, fromLine } from '../../../authz/PolicyRule.ts';

/** A rule, and the row of `casbin_rules` that holds it. */
export interface PolicyRow {
  id: number;
  rule: PolicyRule;
}

/**
 * Rules and epoch of one instant. Rules of people are left out by their domain and subject; by the subject
 * alone (`v0 like 'role:%'`) all of theirs would be read wherever the database's collation is not C.
 */
const sql = `
select e.epoch, r.id, r.ptype, r.v0, r.v1, r.v2, r.v3
from authz_epochs e
left join casbin_rules r on r.ptype = 'p' or (r.ptype = 'g' and r.v2 = '*' and r.v0 like 'role:%')
where e.name = $1
order by r.id`;

interface Row {
  epoch: string;
  id: string | null;
  ptype: string;
  v0: string;
  v1: string;
  v2: string;
  v3: string | null;
}

function toRows(found: readonly Row[]): { epoch: number; rows: PolicyRow[] } {
  const rows = found.flatMap(({ id, ptype, v0, v1, v2, v3 }) => {
    const rule = id === null ? undefined : fromLine([ptype, v0, v1, v2, ...(v3 === null ? [] : [v3])]);
    return rule ? [{ id: Number(id), rule }] : [];
  });
  return { epoch: Number(found[0]?.epoch ?? 0), rows };
}

/** The policy as this transaction sees it. */
export async function readPolicyRows(em: EntityManager): Promise<{ epoch: number; rows: PolicyRow[] }> {
  return toRows(await executePrepared<Row>(em, sql, ['policy']));
}

/** The same on a connection outside the ORM. */
export async function readPolicyRowsOn(client: pg.ClientBase): Promise<{ epoch: number; rows: PolicyRow[] }> {
  return toRows((await client.query<Row>(sql, ['policy'])).rows);
}
