import type pg from 'pg';
import type { SourceFileView } from '../../translation.ts';
import { composeConditions } from '../conditions.ts';
import { latestManifest } from './latestManifest.ts';

export interface SourceFileFilter {
  prefix?: string | undefined;
  /** A target for which a file is pending: without a row, or with one that says so. */
  pendingFor?: string | undefined;
}

const conditions = {
  prefix: 'starts_with(s.file_path, $)',
  pendingFor: `not exists (
    select from file_translations t
    where t.source_file_id = s.id and t.project_target_id = $ and t.status <> 'PENDING'
  )`,
};

/** Up to `limit` files of the latest manifest after a path, in the order of the database's own collation. */
export async function listSourceFiles(
  reads: pg.Pool,
  of: { projectId: string; filter: SourceFileFilter; after: string; limit: number },
): Promise<SourceFileView[]> {
  const { key, sql, values } = composeConditions(of.filter, conditions, 4);
  const { rows } = await reads.query<SourceFileView>({
    name: `list source files ${key}`,
    text: `
select s.id, s.project_id as "projectId", s.file_path as "filePath", s.content_hash as "contentHash",
  s.last_seen_at as "lastSeenAt"
from source_files s
where s.project_id = $1 and s.manifest_id = ${latestManifest} and s.file_path > $2${sql}
order by s.file_path limit $3`,
    values: [of.projectId, of.after, of.limit, ...values],
  });
  return rows;
}
