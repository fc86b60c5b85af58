import type { EntityManager } from '@mikro-orm/postgresql';
import { defaultRules } from '../../../authz/defaultPolicy.ts';

const sql = `
with builtin as (
  select rule ->> 0 as ptype, rule ->> 1 as v0, rule ->> 2 as v1, rule ->> 3 as v2, coalesce(rule ->> 4, '') as v3
  from jsonb_array_elements(?::jsonb) as rule
), gone as (
  delete from authz_defaults where (ptype, v0, v1, v2, v3) not in (select ptype, v0, v1, v2, v3 from builtin)
)
insert into authz_defaults (ptype, v0, v1, v2, v3)
select ptype, v0, v1, v2, v3 from builtin
on conflict do nothing`;

/** Remembers the built-in rules, and no others, as installed: an upgrade then adds what is new, and only that. */
export async function refillDefaults(em: EntityManager): Promise<void> {
  await em.execute(sql, [JSON.stringify(defaultRules())]);
}
