import type pg from 'pg';
import type { ApiKeyView } from '../identity.ts';
import type { Position } from '../paging.ts';

const text = `
select id, name, prefix, scopes, project_ids as "projectIds", expires_at as "expiresAt", last_used_at as "lastUsedAt",
  revoked_at as "revokedAt", created_at as "createdAt"
from api_keys
where user_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
order by created_at desc, id desc
limit $4`;

/** An actor's keys, revoked ones too, newest first. */
export async function listApiKeys(
  reads: pg.Pool,
  actorId: string,
  after: Position | null,
  limit: number,
): Promise<ApiKeyView[]> {
  const { rows } = await reads.query<ApiKeyView>({
    name: 'list api keys',
    text,
    values: [actorId, after?.createdAt ?? null, after?.id ?? null, limit],
  });
  return rows;
}
