import type { EntityManager } from '@mikro-orm/postgresql';

export interface HeldSourceFile {
  filePath: string;
  contentHash: string;
}

/** Also keeps two records of one file apart, and a sync, whose own order of locks is the same: first the files. */
const sql = `
select file_path as "filePath", content_hash as "contentHash" from source_files
where id = ? and project_id = ? for no key update`;

/** Holds a file of the project as it is until the transaction is over; undefined when the project has none of this id. */
export async function holdSourceFile(
  em: EntityManager,
  of: { projectId: string; sourceFileId: string },
): Promise<HeldSourceFile | undefined> {
  const rows: HeldSourceFile[] = await em.execute(sql, [of.sourceFileId, of.projectId]);
  return rows[0];
}
