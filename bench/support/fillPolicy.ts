import type pg from 'pg';
import { defaultPermissions } from '../../src/authz/defaultPolicy.ts';

const permissions = Object.entries(defaultPermissions).flatMap(([object, actions]) =>
  Object.keys(actions).map((action) => [object, action] as const),
);
/** `p` rules of one custom role. */
const perRole = 60;

/**
 * Brings the policy to so many `p` rules, by custom roles of sixty permissions each besides the built-in ones,
 * in one transaction as an administrator's change would be.
 */
export async function fillPolicy(pool: pg.Pool, count: number): Promise<void> {
  const { rows } = await pool.query<{ rules: number; roles: number }>(
    `select (select count(*) from casbin_rules where ptype = 'p')::int as rules,
            (select count(*) from roles where name like 'custom%')::int as roles`,
  );
  const { rules = 0, roles = 0 } = rows[0] ?? {};
  const missing = Array.from({ length: count - rules }, (_, number) => {
    const role = roles + Math.floor(number / perRole);
    // From role to role another sixty, so that every object has its share.
    const [object, action] = permissions[(role * 17 + (number % perRole)) % permissions.length] ?? [];
    return { ptype: 'p', v0: `role:custom${role}`, v1: object, v2: action, v3: 'allow' };
  });
  const names = [...new Set(missing.map(({ v0 }) => v0.slice('role:'.length)))];
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into roles (id, name, scope) select gen_random_uuid(), name, 'project' from unnest($1::text[]) as name`,
      [names],
    );
    await client.query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3)
       select ptype, v0, v1, v2, v3 from jsonb_populate_recordset(null::casbin_rules, $1::jsonb)`,
      [JSON.stringify(missing)],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
  await pool.query('analyze casbin_rules');
}
