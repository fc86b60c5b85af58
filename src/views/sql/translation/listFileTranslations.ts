import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { FileTranslationView } from '../../translation.ts';
import { composeConditions } from '../conditions.ts';
import { before } from '../keyset.ts';

export interface FileTranslationFilter {
  targetId?: string | undefined;
  status?: FileTranslationView['status'] | undefined;
  filePath?: string | undefined;
}

const conditions = {
  targetId: 't.project_target_id = $',
  status: 't.status = $',
  filePath: 's.file_path = $',
};

/** Up to `limit` translations of a project before a position, newest first. */
export async function listFileTranslations(
  reads: pg.Pool,
  of: { projectId: string; filter: FileTranslationFilter; position: Position | null; limit: number },
): Promise<FileTranslationView[]> {
  const { key, sql, values } = composeConditions(of.filter, conditions, 5);
  const { rows } = await reads.query<FileTranslationView>({
    name: `list file translations ${key}`,
    text: `
select t.id, t.project_id as "projectId", t.source_file_id as "sourceFileId", s.file_path as "filePath",
  t.project_target_id as "targetId", p.language_code as "languageCode", t.status,
  t.last_translated_hash as "lastTranslatedHash", t.error_message as "errorMessage", t.row_version as version,
  t.created_at as "createdAt", t.updated_at as "updatedAt"
from file_translations t
join source_files s on s.id = t.source_file_id
join project_targets p on p.id = t.project_target_id
where t.project_id = $1 and (t.created_at, t.id) < ($2, $3)${sql}
order by t.created_at desc, t.id desc limit $4`,
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
