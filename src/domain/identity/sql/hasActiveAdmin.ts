import type { EntityManager } from '@mikro-orm/postgresql';

/** Read from the rules, not from `role_id`: the rules are what counts when a call is decided. */
const sql = `
select exists (
  select from casbin_rules r
  join actors a on r.v0 = 'user:' || a.id
  where r.ptype = 'g' and r.v1 = 'role:admin' and r.v2 = '*'
    and a.actor_type = 'person' and a.suspended_at is null and a.deleted_at is null
    and a.id is distinct from ?::uuid
) as found`;

/** Whether anybody, apart from `except`, is an administrator who can sign in. To be asked under `lockAdmins`. */
export async function hasActiveAdmin(em: EntityManager, except: string | null = null): Promise<boolean> {
  const rows: { found: boolean }[] = await em.execute(sql, [except]);
  return rows[0]?.found === true;
}
