import type pg from 'pg';
import { type PolicyVersionView, type VersionRow, viewPolicyVersion } from '../policies.ts';

/** What a version shows, and where it is from; `v` is the version. */
export const versionColumns = `
  v.epoch, v.reason, v.diff, (extract(epoch from v.created_at) * 1000)::float8 as "createdMs",
  v.actor_id as "actorId", a.username, a.name, a.actor_type as "actorType"
from authz_versions v
left join actors a on a.id = v.actor_id`;

const text = `
select ${versionColumns}
where $1::bigint is null or v.epoch < $1
order by v.epoch desc
limit $2`;

/** Versions of the policy, newest first, those before an epoch. */
export async function listPolicyVersions(
  reads: pg.Pool,
  before: number | null,
  limit: number,
): Promise<PolicyVersionView[]> {
  const { rows } = await reads.query<VersionRow>({
    name: 'list policy versions',
    text,
    values: [before, limit],
  });
  return rows.map(viewPolicyVersion);
}
