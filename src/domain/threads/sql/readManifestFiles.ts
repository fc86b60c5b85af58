import type { EntityManager } from '@mikro-orm/postgresql';

export interface FileState {
  /** Of its content; null where there is none to keep. */
  sha256: string | null;
  isText: boolean;
}

/** The entries are unpacked once; picking paths one by one would decompress megabytes for each. */
const sql = `
select e.key as path, e.value ->> 'sha256' as sha256, e.value ->> 'kind' = 'text' as is_text
from project_manifests m, jsonb_each(m.data -> 'files') e
where m.project_id = ? and m.version = ?`;

/** Every file of one version of a project, by path. */
export async function readManifestFiles(
  em: EntityManager,
  projectId: string,
  version: number,
): Promise<Map<string, FileState>> {
  const rows: { path: string; sha256: string | null; is_text: boolean }[] = await em.execute(sql, [
    projectId,
    version,
  ]);
  return new Map(rows.map((row) => [row.path, { sha256: row.sha256, isText: row.is_text }]));
}
