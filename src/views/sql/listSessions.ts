import type pg from 'pg';
import type { SessionView } from '../identity.ts';
import type { Position } from '../paging.ts';

const text = `
select id, user_agent as "userAgent", ip_address as "ipAddress", id = $2::uuid as "isCurrent",
  created_at as "createdAt", last_seen as "lastSeenAt", expires_at as "expiresAt"
from sessions
where user_id = $1 and revoked_at is null and expires_at > now() and last_seen > now() - make_interval(days => $3)
  and ($4::timestamptz is null or (created_at, id) < ($4::timestamptz, $5::uuid))
order by created_at desc, id desc
limit $6`;

export interface SessionFilter {
  actorId: string;
  /** The session that asks. */
  currentId: string | null;
  idleDays: number;
  after: Position | null;
  limit: number;
}

/** An actor's sessions that still work, newest first. */
export async function listSessions(reads: pg.Pool, filter: SessionFilter): Promise<SessionView[]> {
  const { actorId, currentId, idleDays, after, limit } = filter;
  const { rows } = await reads.query<SessionView>({
    name: 'list sessions',
    text,
    values: [actorId, currentId, idleDays, after?.createdAt ?? null, after?.id ?? null, limit],
  });
  return rows;
}
