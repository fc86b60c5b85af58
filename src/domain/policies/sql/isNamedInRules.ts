import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

const sql = `select exists (select from casbin_rules where v0 = $1 or v1 = $1) as found`;

/** Whether any rule names this role, or gives it to somebody. */
export async function isNamedInRules(em: EntityManager, role: string): Promise<boolean> {
  const rows = await executePrepared<{ found: boolean }>(em, sql, [`role:${role}`]);
  return rows[0]?.found === true;
}
