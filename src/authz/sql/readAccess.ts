import type pg from 'pg';

/** One row whatever the credential: an unknown one leaves the actor's columns null. */
export interface AccessRow {
  policy_epoch: string;
  access_epoch: string;
  session_id: string | null;
  api_key_id: string | null;
  last_used_at: Date | null;
  expires_at: Date | null;
  scopes: string[] | null;
  project_ids: string[] | null;
  actor_id: string | null;
  username: string | null;
  name: string | null;
  suspended_at: Date | null;
  roles: string[];
  project_id: string | null;
  visibility: 'public' | 'private' | null;
  project_deleted_at: Date | null;
}

/**
 * Everything a decision needs in one indexed read: the credential's owner, the roles in this project (held
 * in person or through an organization) and everywhere, the state of the project, and both epochs.
 * Separate reads for session and roles were tried first and cost a second round trip on every call.
 *
 * `offset 0` fences what must be looked up by its key: where statistics are missing or of a time when there were
 * few rows, the planner would rather read all actors, or every member of the project (0.1 s at 100,000 people).
 * @param asked what `asked` is: `token_hash`, `project_id` and `position` of each decision.
 */
const textOf = (asked: string) => `
select
  (select epoch from authz_epochs where name = 'policy') as policy_epoch,
  (select epoch from authz_epochs where name = 'access') as access_epoch,
  w.session_id, w.api_key_id, w.last_used_at, w.expires_at, w.scopes, w.project_ids,
  a.id as actor_id, a.username, a.name, a.suspended_at,
  p.id as project_id, p.visibility, p.deleted_at as project_deleted_at,
  array(
    select r.v1 from casbin_rules r
    where r.ptype = 'g' and r.v0 = 'user:' || a.id and r.v2 in ('*', 'project:' || asked.project_id)
    union
    select r.v1
    from organization_members m
    cross join lateral (
      select deleted_at, suspended_at from actors where id = m.organization_id offset 0
    ) o
    cross join lateral (
      select v1 from casbin_rules
      where ptype = 'g' and v0 = 'user:' || m.organization_id and v2 = 'project:' || asked.project_id
      offset 0
    ) r
    where m.actor_id = a.id and o.deleted_at is null and o.suspended_at is null
  ) as roles
from ${asked}
left join lateral (
  select s.id as session_id, null::uuid as api_key_id, s.user_id, s.last_seen as last_used_at, s.expires_at,
         null::text[] as scopes, null::uuid[] as project_ids
  from sessions s
  where s.token_hash = asked.token_hash and s.revoked_at is null and s.expires_at > now()
    and s.last_seen > now() - make_interval(days => $3)
  union all
  select null, k.id, k.user_id, k.last_used_at, k.expires_at, k.scopes, k.project_ids
  from api_keys k
  where k.key_hash = asked.token_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
) w on true
left join lateral (
  select id, username, name, suspended_at, deleted_at from actors where id = w.user_id offset 0
) a on a.deleted_at is null
left join projects p on p.id = asked.project_id
order by asked.position`;

const textOfOne = textOf('(select $1::bytea as token_hash, $2::uuid as project_id, 1 as position) as asked');
const textOfMany = textOf(
  'unnest($1::bytea[], $2::uuid[]) with ordinality as asked (token_hash, project_id, position)',
);

/** Whose decision, and in which project; null: without a credential, outside any project. */
export interface Asked {
  /** SHA-256 in base64. */
  tokenHash: string | null;
  projectId: string | null;
}

const bytesOf = (tokenHash: string | null) => (tokenHash === null ? null : Buffer.from(tokenHash, 'base64'));

export async function readAccess(
  reads: pg.Pool,
  tokenHash: string | null,
  projectId: string | null,
  idleDays: number,
): Promise<AccessRow> {
  const values = [bytesOf(tokenHash), projectId, idleDays];
  const { rows } = await reads.query<AccessRow>({ name: 'read access', text: textOfOne, values });
  const row = rows[0];
  if (!row) throw new Error('The access read returned no row, although it is written to return one always.');
  return row;
}

/**
 * The same for many at once, as of one instant: a row for each, in the order asked. Not prepared: a plan that was
 * kept from when there were few rows costs more than planning (measured: 270 ms instead of 20 for 500).
 */
export async function readAccessOfMany(
  reads: pg.Pool,
  asked: readonly Asked[],
  idleDays: number,
): Promise<AccessRow[]> {
  const values = [
    asked.map(({ tokenHash }) => bytesOf(tokenHash)),
    asked.map(({ projectId }) => projectId),
    idleDays,
  ];
  const { rows } = await reads.query<AccessRow>(textOfMany, values);
  if (rows.length !== asked.length) throw new Error('The access read did not return one row for each asked.');
  return rows;
}
