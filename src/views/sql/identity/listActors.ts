import type pg from 'pg';
import { type PersonView, viewAccount } from '../../identity.ts';
import type { Position } from '../../paging.ts';
import { composeConditions } from '../conditions.ts';
import { escapeLike } from '../escapeLike.ts';
import { before } from '../keyset.ts';

export interface ActorFilter {
  actorId?: string | undefined;
  text?: string | undefined;
  kind?: 'person' | 'organization' | undefined;
  role?: string | undefined;
  state?: 'active' | 'suspended' | 'unverified' | undefined;
}

const states = {
  active: `a.suspended_at is null`,
  suspended: `a.suspended_at is not null`,
  unverified: `a.actor_type = 'person' and not a.is_verified`,
};

/** Every person is a user, who has no other role. */
const conditions = {
  actorId: 'a.id = $',
  text: `concat_ws(chr(10), a.username, a.name, a.email) ilike $`,
  kind: 'a.actor_type = $',
  role: `a.actor_type = 'person' and coalesce(r.name, 'user') = $`,
} satisfies Record<keyof Omit<ActorFilter, 'state'>, string>;

/** The page is cut before it is asked when its people were last seen. */
const compose = (filter: string) => `
select a.*, seen.at as "lastSeenAt"
from (
  select a.id, a.username, a.name, a.actor_type as "actorType", a.orcid, a.institution_id as "institutionId", a.email,
    a.is_verified as "isVerified", a.metadata, a.suspended_at as "suspendedAt", a.created_at as "createdAt",
    a.updated_at as "updatedAt", r.name as "systemRole"
  from actors a left join roles r on r.id = a.role_id
  where a.deleted_at is null and (a.created_at, a.id) < ($1, $2)${filter}
  order by a.created_at desc, a.id desc limit $3
) a
cross join lateral (
  select max(at) as at from (
    select max(last_seen) as at from sessions where user_id = a.id
    union all
    select max(last_used_at) from api_keys where user_id = a.id
  ) moments
) seen
order by a."createdAt" desc, a.id desc`;

/** Up to `limit` people and organizations before a position, the newest first. */
export async function listActors(
  reads: pg.Pool,
  of: { filter: ActorFilter; position: Position | null; limit: number },
): Promise<PersonView[]> {
  const { state, text, ...rest } = of.filter;
  const pattern = text === undefined ? undefined : `%${escapeLike(text)}%`;
  const { key, sql, values } = composeConditions({ ...rest, text: pattern }, conditions, 4);
  type Row = Parameters<typeof viewAccount>[0] & { systemRole: string | null; lastSeenAt: Date | null };
  const { rows } = await reads.query<Row>({
    name: `list actors ${key} ${state ?? ''}`,
    text: compose(sql + (state ? ` and ${states[state]}` : '')),
    values: [...before(of.position), of.limit, ...values],
  });
  return rows.map((row) => Object.assign(viewAccount(row, row.systemRole), { lastSeenAt: row.lastSeenAt }));
}
