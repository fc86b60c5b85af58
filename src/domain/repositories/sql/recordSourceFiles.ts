import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';

/**
 * Takes the files from the manifest where it already is, so that nothing is sent a second time. Ids as in
 * insertSourceFiles.ts. Paths that are gone keep their row with the manifest in which they were last seen.
 */
const sql = `
insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
select
  (left(?::text, -8) || lpad(to_hex(row_number() over (order by f.path collate "C")), 8, '0'))::uuid,
  m.project_id, m.id, f.path, f.entry ->> 'sha256', m.created_at
from project_manifests m, jsonb_each(m.data -> 'files') as f (path, entry)
where m.id = ? and f.entry ->> 'kind' in ('text', 'binary', 'large')
on conflict (project_id, file_path) do update
set manifest_id = excluded.manifest_id, content_hash = excluded.content_hash, last_seen_at = excluded.last_seen_at`;

/** Brings `source_files` to what a manifest of this transaction holds: its files, without links and submodules. */
export async function recordSourceFiles(em: EntityManager, manifestId: string): Promise<void> {
  await em.execute(sql, [uuidv7(), manifestId], 'run');
}
