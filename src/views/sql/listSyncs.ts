import type pg from 'pg';
import type { JobRow } from '../jobs.ts';
import { jobColumns } from './jobColumns.ts';

export type SyncRow = JobRow & { ref: string | null; version: number | null; commitSha: string | null };

/** The jobs of a project are few beside what else it holds; each finds its sync by primary key. */
const text = `
select ${jobColumns}, s.ref, m.version, m.commit_sha as "commitSha"
from jobs j
join repo_syncs s on s.id = j.id
left join project_manifests m on m.id = s.manifest_id
where j.project_id = $1 and ($2::timestamptz is null or (j.created_at, j.id) < ($2, $3::uuid))
order by j.created_at desc, j.id desc
limit $4`;

/** Syncs of a project, newest first. */
export async function listSyncs(
  reads: pg.Pool,
  {
    projectId,
    after,
    limit,
  }: { projectId: string; after: { createdAt: Date; id: string } | null; limit: number },
): Promise<SyncRow[]> {
  const values = [projectId, after?.createdAt ?? null, after?.id ?? null, limit];
  return (await reads.query<SyncRow>({ name: 'list syncs', text, values })).rows;
}
