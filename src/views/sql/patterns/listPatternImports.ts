import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { PatternImportRunView, PatternImportView } from '../../patternImports.ts';
import { before } from '../keyset.ts';

const columns = `i.id, i.project_id as "projectId", i.author_id as "authorId", i.source, i.size_bytes as "sizeBytes",
  i.created_at as "createdAt", i.updated_at as "updatedAt"`;

const list = `
select ${columns} from pattern_imports i
where i.project_id = $1 and (i.created_at, i.id) < ($2, $3) order by i.created_at desc, i.id desc limit $4`;

/** Imports of a project, newest first. */
export async function listPatternImports(
  reads: pg.Pool,
  of: { projectId: string; position: Position | null; limit: number },
): Promise<PatternImportView[]> {
  const { rows } = await reads.query<PatternImportView>({
    name: 'list pattern imports',
    text: list,
    values: [of.projectId, ...before(of.position), of.limit],
  });
  return rows;
}

const mostRuns = 50;

const runs = `
select r.id, r.import_id as "importId", r.is_dry_run as "isDryRun", r.report, r.created_at as "createdAt"
from pattern_import_runs r where r.import_id = $1 order by r.created_at desc, r.id desc limit ${mostRuns}`;

/** An import with its last runs, newest first; undefined when the project has no such import. */
export async function readPatternImport(
  reads: pg.Pool,
  of: { projectId: string; importId: string },
): Promise<(PatternImportView & { runs: PatternImportRunView[] }) | undefined> {
  const found = await reads.query<PatternImportView>({
    name: 'read pattern import',
    text: `select ${columns} from pattern_imports i where i.id = $1 and i.project_id = $2`,
    values: [of.importId, of.projectId],
  });
  const [row] = found.rows;
  if (!row) return undefined;
  const { rows } = await reads.query<PatternImportRunView>({
    name: 'read runs of pattern import',
    text: runs,
    values: [of.importId],
  });
  return { ...row, runs: rows };
}
