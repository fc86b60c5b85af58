import { translateDatabaseError } from '../database/translateError.ts';
import { importJobType, importParams } from '../domain/patterns/import/importParams.ts';
import { type ReadFile, readFile } from '../domain/patterns/import/readFile.ts';
import { runImport } from '../domain/patterns/import/runImport.ts';
import { type GivenFiles, readChunks } from '../domain/patterns/import/sql/readChunks.ts';
import { storeResult } from '../domain/patterns/import/storeResult.ts';
import { type PatternKind, patternKinds } from '../entities/patterns/patternKinds.ts';
import { fail } from '../errors.ts';
import { type JobContext, defineJob } from './defineJob.ts';

type Import = JobContext<'read' | 'write'>;

/** Somebody may make a pattern while an import runs, with an identifier that the import wants. */
const attempts = 3;
const count = new Intl.NumberFormat('en');

async function readFiles(
  job: Import,
  { source, chunks }: GivenFiles,
): Promise<Record<PatternKind, ReadFile>> {
  const files: Partial<Record<PatternKind, ReadFile>> = {};
  for (const [index, kind] of patternKinds.entries()) {
    job.progress('read', index / patternKinds.length, `reading the ${kind} file`);
    files[kind] = await readFile({ kind, chunks: chunks[kind], source });
    job.signal.throwIfAborted();
  }
  return files as Record<PatternKind, ReadFile>;
}

async function write(job: Import, files: Record<PatternKind, ReadFile>, isDryRun: boolean): Promise<void> {
  const { projectId, jobId, cause } = job;
  const result = await job.transact(async (em) => {
    const imported = await runImport(em, { projectId, actorId: cause.actorId }, files, {
      isDryRun,
      onProgress(done, of) {
        job.signal.throwIfAborted();
        job.progress('write', done / of, `${count.format(done)} of ${count.format(of)} patterns`);
      },
    });
    await storeResult(em, { projectId, jobId }, imported);
    return imported;
  });
  job.log.info({ report: result.report, isDryRun }, 'patterns were imported');
}

/**
 * Imports the files of patterns that were given to an import, all of them or, when one cannot be read,
 * nothing. Running it again changes nothing: what was imported is known by its rows.
 */
export const importPatterns = defineJob({
  type: importJobType,
  params: importParams,
  stages: { read: 30, write: 70 },
  async run(job, { importId, isDryRun }) {
    const given = (await readChunks(job.reads, importId)) ?? fail('NOT_FOUND', { thing: 'import' });
    const files = await readFiles(job, given);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await write(job, files, isDryRun);
      } catch (error) {
        if (attempt === attempts || translateDatabaseError(error)?.errorCode !== 'IDENTIFIER_TAKEN')
          throw error;
      }
    }
  },
});
