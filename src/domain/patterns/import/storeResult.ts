import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { PatternImportRun } from '../../../entities/patterns/PatternImportRun.ts';
import { fail } from '../../../errors.ts';
import { audit } from '../../../events/audit.ts';
import { emit } from '../../../events/emit.ts';
import { viewPatternImportRun } from '../../../views/patternImports.ts';
import type { ImportResult } from './runImport.ts';

const insert = `
insert into pattern_import_rejections (run_id, kind, line, reason)
select $1::uuid, kind, line, reason
from jsonb_to_recordset($2::jsonb) as r (kind pattern_kind, line int, reason text)`;

/** Keeps what came of a run, and tells of it: one event and one line of the audit log for all of it. */
export async function storeResult(
  em: EntityManager,
  of: { projectId: string; jobId: string },
  { report, rejected }: ImportResult,
): Promise<void> {
  const run = await em.findOne(PatternImportRun, { id: of.jobId });
  if (!run) return fail('NOT_FOUND', { thing: 'import' });
  run.report = report;
  // A retried job finds what an earlier attempt left.
  await executePrepared(em, 'delete from pattern_import_rejections where run_id = $1', [of.jobId]);
  await executePrepared(em, insert, [of.jobId, JSON.stringify(rejected)]);
  emit(em, `project:${of.projectId}`, 'patternImport.completed', () => viewPatternImportRun(run));
  if (run.isDryRun) return;
  audit(em, {
    action: 'import',
    entityType: 'pattern_imports',
    entityId: run.importId,
    projectId: of.projectId,
    changes: Object.fromEntries(Object.entries(report).map(([name, counts]) => [name, { new: counts }])),
  });
}
