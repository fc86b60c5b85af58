import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { PatternImportRun } from '../../../entities/patterns/PatternImportRun.ts';
import { fail } from '../../../errors.ts';
import { enqueueJob } from '../../../jobs/enqueue.ts';
import type { ActorRef } from '../../../views/identity.ts';
import type { JobRow } from '../../../views/jobs.ts';
import { findImport } from './findImport.ts';
import { importJobType } from './importParams.ts';

const count = `
select kind, count(*)::int as count, max(chunk_index) + 1 as wanted from pattern_import_chunks where import_id = $1 group by kind`;

async function checkComplete(em: EntityManager, importId: string): Promise<void> {
  const files = await executePrepared<{ kind: string; count: number; wanted: number }>(em, count, [importId]);
  if (files.length === 0) fail('IMPORT_INCOMPLETE', { reason: 'it has no file, or its files were removed' });
  for (const { kind, count: given, wanted } of files) {
    if (given < wanted)
      fail('IMPORT_INCOMPLETE', {
        reason: `${wanted - given} of the chunks of the ${kind} file are missing`,
      });
  }
}

/**
 * Queues a run of an import.
 * @throws NOT_FOUND; IMPORT_INCOMPLETE when it has no file, or a chunk of one is missing.
 */
export async function requestImport(
  em: EntityManager,
  actor: ActorRef,
  of: { id?: string | undefined; projectId: string; importId: string; isDryRun: boolean },
): Promise<JobRow> {
  const { id, projectId, importId, isDryRun } = of;
  await findImport(em, of);
  await checkComplete(em, importId);
  const params = { importId, isDryRun };
  const job = await enqueueJob(em, { id, jobType: importJobType, projectId, userId: actor.id, params });
  em.create(PatternImportRun, { id: job.id, importId, isDryRun });
  return job;
}
