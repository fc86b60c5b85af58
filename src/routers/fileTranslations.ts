import { z } from 'zod';
import { recordTranslation } from '../domain/translation/recordTranslation.ts';
import { TesseraError } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listFileTranslations } from '../views/sql/translation/listFileTranslations.ts';
import { readProgress } from '../views/sql/translation/readProgress.ts';
import { translationStatus } from '../views/translation.ts';
import { freeText } from './freeText.ts';
import { contentHash, errorMessage } from './translationFields.ts';
import { project, router } from './trpc.ts';
import { version } from './workFields.ts';

interface Outcome {
  status: string;
  sourceHash?: string | undefined;
  errorMessage?: string | undefined;
}

/** A translation that is done says of what, a failure says why, and nothing else says either. */
function checkOutcome({ status, sourceHash, errorMessage: message }: Outcome): void {
  const fields: Record<string, string> = {};
  if (status === 'DONE' && sourceHash === undefined) fields['sourceHash'] = 'must be given with status DONE';
  if (status !== 'DONE' && sourceHash !== undefined) fields['sourceHash'] = 'belongs to status DONE alone';
  if (status === 'ERROR' && message === undefined) fields['errorMessage'] = 'must be given with status ERROR';
  if (status !== 'ERROR' && message !== undefined) fields['errorMessage'] = 'belongs to status ERROR alone';
  if (Object.keys(fields).length > 0) throw new TesseraError('BAD_INPUT', {}, { fields });
}

export const fileTranslations = router({
  /**
   * The translations that something is recorded of, newest first. What nobody has begun has no record yet:
   * `sourceFiles.list` with `pendingFor` lists it.
   */
  list: project.query(
    'fileTranslations.list',
    {
      ...page,
      targetId: uuid.optional(),
      status: translationStatus.optional(),
      filePath: freeText(4_096, 1).optional(),
    },
    async ({ ctx, input: { cursor, limit, targetId, status, filePath } }) => {
      const rows = await listFileTranslations(ctx.reads, {
        projectId: ctx.projectId,
        filter: { targetId, status, filePath },
        position: readCursor(cursor),
        limit: limit + 1,
      });
      return toPage(rows, limit, (translation) => translation);
    },
  ),

  /**
   * How far each language is: files of the latest sync by status, those that nobody has begun among the
   * pending ones; with `prefix`, of the files below it.
   */
  progress: project.query(
    'fileTranslations.progress',
    { prefix: freeText(4_096).default('') },
    ({ ctx, input: { prefix } }) => readProgress(ctx.reads, { projectId: ctx.projectId, prefix }),
  ),

  /**
   * Keeps what became of a file in a language, for people and tools that translate outside. With DONE give
   * the hash of the source that was translated: if the file has changed since, it is OUTDATED at once.
   */
  record: project.mutation(
    'fileTranslations.record',
    {
      sourceFileId: uuid,
      targetId: uuid,
      status: z.enum(['PENDING', 'IN_PROGRESS', 'DONE', 'ERROR']),
      sourceHash: contentHash.optional(),
      errorMessage: errorMessage.optional(),
      version,
    },
    ({ ctx, input }) => {
      checkOutcome(input);
      return ctx.write(
        (em) => recordTranslation(em, { ...input, projectId: ctx.projectId }),
        (translation) => translation,
      );
    },
  ),
});
