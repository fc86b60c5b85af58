import type pg from 'pg';
import type { ManifestView } from '../repositories.ts';

const text = `
select id, project_id as "projectId", version, commit_sha as "commitSha", ref, hash, file_count as "fileCount",
  data -> 'warnings' as warnings, created_at as "createdAt"
from project_manifests
where project_id = $1 and ($2::int is null or version = $2)
order by version desc
limit 1`;

/** A manifest of the project, its newest without a version; null when there is none. */
export async function findManifest(
  reads: pg.Pool,
  projectId: string,
  version: number | undefined,
): Promise<ManifestView | null> {
  const { rows } = await reads.query<ManifestView>({
    name: 'find manifest',
    text,
    values: [projectId, version ?? null],
  });
  return rows[0] ?? null;
}
