import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/**
 * Whichever is more: the rules, which decide, or the rows that they were written with. They differ only where
 * somebody wrote directly in the database.
 */
const sql = `
select greatest(
  (select count(*) from casbin_rules where ptype = 'g' and v1 = 'role:' || $2 and v0 like 'user:%'),
  (select count(*) from project_members where role_id = $1)
    + (select count(*) from actors where role_id = $1 and deleted_at is null)
)::int as count`;

/** How many times a role is held: by whom everywhere, by whom in a project, for each project. */
export async function countHolders(em: EntityManager, role: { id: string; name: string }): Promise<number> {
  const rows = await executePrepared<{ count: number }>(em, sql, [role.id, role.name]);
  return rows[0]?.count ?? 0;
}
