import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { systemCause, transact } from '../database/transaction.ts';
import { builtinRoles } from './builtinRoles.ts';
import { defaultRules } from './defaultPolicy.ts';

const newRules = `
insert into authz_defaults (ptype, v0, v1, v2, v3)
select rule ->> 0, rule ->> 1, rule ->> 2, rule ->> 3, coalesce(rule ->> 4, '')
from jsonb_array_elements(?::jsonb) as rule
on conflict do nothing
returning ptype, v0, v1, v2, nullif(v3, '') as v3`;

const insertRules = `
insert into casbin_rules (ptype, v0, v1, v2, v3)
select ptype, v0, v1, v2, v3 from jsonb_to_recordset(?::jsonb) as rule (ptype text, v0 text, v1 text, v2 text, v3 text)
on conflict do nothing`;

const insertRoles = `
insert into roles (id, name, scope, description, is_builtin)
select id, name, scope, description, true
from jsonb_to_recordset(?::jsonb) as role (id uuid, name text, scope role_scope, description text)
on conflict (name) do nothing`;

/**
 * Installs the built-in roles, and those default rules that were never installed before: a rule that an
 * administrator removed stays removed, and an upgrade's new procedures get their rules as a version of
 * their own. Safe to run on several nodes at once.
 * @returns how many rules were new.
 */
export async function installPolicy(orm: MikroORM): Promise<number> {
  return transact(orm, systemCause, async (em) => {
    await em.execute(`select pg_advisory_xact_lock(hashtextextended('authz defaults', 0))`);
    const roles = builtinRoles.map(({ name, scope, description }) => ({
      id: uuidv7(),
      name,
      scope,
      description,
    }));
    await em.execute(insertRoles, [JSON.stringify(roles)]);
    const added: Record<string, string | null>[] = await em.execute(newRules, [
      JSON.stringify(defaultRules()),
    ]);
    if (added.length === 0) return 0;
    await em.execute(`select set_config('tessera.policy_reason', 'built-in policy', true)`);
    await em.execute(insertRules, [JSON.stringify(added)]);
    return added.length;
  });
}
