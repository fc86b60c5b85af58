import type { EntityManager } from '@mikro-orm/postgresql';
import { FileTranslation, type TranslationOutcome } from '../../entities/translation/FileTranslation.ts';
import { ProjectTarget } from '../../entities/translation/ProjectTarget.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { type FileTranslationView, viewFileTranslation } from '../../views/translation.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import { holdSourceFile } from './sql/holdSourceFile.ts';

export interface TranslationRecord extends TranslationOutcome {
  projectId: string;
  sourceFileId: string;
  targetId: string;
  /** The version that the editor saw; left out: the last write wins. */
  version?: number | undefined;
}

const untouched = { status: 'PENDING', lastTranslatedHash: null, errorMessage: null } as const;

/**
 * Keeps what became of a file in a language. One that was made from another state of the source than the
 * present one is OUTDATED as soon as it is recorded.
 * @throws NOT_FOUND, TARGET_PAUSED, VERSION_CLASH
 */
export async function recordTranslation(
  em: EntityManager,
  record: TranslationRecord,
): Promise<FileTranslationView> {
  const { projectId, sourceFileId, targetId } = record;
  const source = (await holdSourceFile(em, record)) ?? fail('NOT_FOUND', { thing: 'source file' });
  const target =
    (await em.findOne(ProjectTarget, { id: targetId, projectId })) ?? fail('NOT_FOUND', { thing: 'target' });
  const { languageCode } = target;
  if (target.status === 'PAUSED') fail('TARGET_PAUSED', { language: languageCode });
  const key = { sourceFileId, projectTargetId: targetId };
  const known = await em.findOne(FileTranslation, key);
  const view = (translation: FileTranslation) =>
    viewFileTranslation(translation, { filePath: source.filePath, languageCode });
  if (known)
    await checkVersion({ thing: 'file translation', sent: record.version, stored: known.rowVersion }, () =>
      view(known),
    );
  const translation = known ?? em.create(FileTranslation, { projectId, ...key, ...untouched });
  const before = { ...untouched, ...(known ? pickState(known) : {}) };
  translation.record(record, source.contentHash);
  const isChanged = Object.keys(pickChanges(before, pickState(translation))).length > 0;
  await em.flush();
  if (!known || isChanged)
    emit(em, `project:${projectId}`, 'fileTranslation.recorded', () => view(translation));
  return view(translation);
}

function pickState({ status, lastTranslatedHash, errorMessage }: FileTranslation) {
  return { status, lastTranslatedHash: lastTranslatedHash ?? null, errorMessage: errorMessage ?? null };
}
