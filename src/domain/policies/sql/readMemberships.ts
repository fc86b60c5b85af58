import type pg from 'pg';

/** `[subject, role, domain]` of a `g` rule. */
export type Membership = readonly [subject: string, role: string, domain: string];

/**
 * Who holds which role where, spelt out as rules: what `readAccess` finds out for one caller, for all of them.
 * Members of organizations stand in the place of these. Nobody who is suspended or deleted, no deleted
 * project. Sorted, so that two exports can be compared.
 *
 * $1: the only project that counts, with those who hold a role in it or everywhere; null: all.
 */
const text = `
declare memberships no scroll cursor for
with people as (
  select id, 'user:' || id as subject
  from actors
  where actor_type = 'person' and suspended_at is null and deleted_at is null
), places as (
  select 'project:' || id as domain, visibility
  from projects
  where deleted_at is null and ($1::uuid is null or id = $1::uuid)
), held as (
  select p.subject, r.v1 as role, r.v2 as domain
  from casbin_rules r
  join people p on p.subject = r.v0
  where r.ptype = 'g' and (r.v2 = '*' or r.v2 in (select domain from places))
  union
  select p.subject, r.v1, r.v2
  from organization_members m
  join people p on p.id = m.actor_id
  join actors o on o.id = m.organization_id and o.suspended_at is null and o.deleted_at is null
  join casbin_rules r on r.ptype = 'g' and r.v0 = 'user:' || o.id and r.v2 in (select domain from places)
)
select 'role:authenticated' as subject, 'role:guest' as role, domain from places where visibility = 'public'
union
select 'role:authenticated', 'role:anonymous', '*'
union
select p.subject, everyone.role, '*'
from people p
cross join (values ('role:authenticated'), ('role:user')) as everyone (role)
where $1::uuid is null or p.subject in (select subject from held)
union
select subject, role, domain from held
order by subject, domain, role
limit $2`;

const batchSize = 5000;

/**
 * In batches, however many there are. To be read inside a transaction, which the cursor ends with.
 * @param options.atMost how many are read in all; null: every one
 */
export async function* readMemberships(
  client: pg.PoolClient,
  { projectId, atMost }: { projectId: string | null; atMost: number | null },
): AsyncGenerator<Membership[]> {
  await client.query(text, [projectId, atMost]);
  for (;;) {
    const { rows } = await client.query<[string, string, string]>({
      text: `fetch ${batchSize} from memberships`,
      rowMode: 'array',
    });
    if (rows.length > 0) yield rows;
    if (rows.length < batchSize) return;
  }
}
