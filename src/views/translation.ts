import { z } from 'zod';
import { type FileTranslation, translationStatuses } from '../entities/translation/FileTranslation.ts';
import { type ProjectTarget, targetStatuses } from '../entities/translation/ProjectTarget.ts';
import { moment, uuid } from './columns.ts';

export const targetStatus = z.enum(targetStatuses);
export const translationStatus = z.enum(translationStatuses);

export const targetView = z.object({
  id: uuid,
  projectId: uuid,
  /** BCP 47, in its canonical form: `pt-BR`. */
  languageCode: z.string(),
  publishDomain: z.string().nullable(),
  branchName: z.string(),
  status: targetStatus,
  /** Send it back with `targets.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type TargetView = z.infer<typeof targetView>;

export function viewTarget(target: ProjectTarget): TargetView {
  return {
    id: target.id,
    projectId: target.projectId,
    languageCode: target.languageCode,
    publishDomain: target.publishDomain ?? null,
    branchName: target.branchName,
    status: target.status,
    version: target.rowVersion,
    createdAt: target.createdAt,
    updatedAt: target.updatedAt,
  };
}

/** A file of the latest manifest. */
export const sourceFileView = z.object({
  id: uuid,
  projectId: uuid,
  filePath: z.string(),
  /** SHA-256 of its bytes. */
  contentHash: z.string(),
  lastSeenAt: moment,
});
export type SourceFileView = z.infer<typeof sourceFileView>;

export const fileTranslationView = z.object({
  id: uuid,
  projectId: uuid,
  sourceFileId: uuid,
  filePath: z.string(),
  targetId: uuid,
  languageCode: z.string(),
  status: translationStatus,
  /** SHA-256 of the source that was translated last; null: never yet. */
  lastTranslatedHash: z.string().nullable(),
  errorMessage: z.string().nullable(),
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type FileTranslationView = z.infer<typeof fileTranslationView>;

export function viewFileTranslation(
  translation: FileTranslation,
  { filePath, languageCode }: { filePath: string; languageCode: string },
): FileTranslationView {
  return {
    id: translation.id,
    projectId: translation.projectId,
    sourceFileId: translation.sourceFileId,
    filePath,
    targetId: translation.projectTargetId,
    languageCode,
    status: translation.status,
    lastTranslatedHash: translation.lastTranslatedHash ?? null,
    errorMessage: translation.errorMessage ?? null,
    version: translation.rowVersion,
    createdAt: translation.createdAt,
    updatedAt: translation.updatedAt,
  };
}

/** How many files of the latest manifest are how far in one language; together they are all files. */
export interface LanguageProgress {
  targetId: string;
  languageCode: string;
  status: TargetView['status'];
  counts: Record<z.infer<typeof translationStatus>, number>;
}

export interface TranslationProgress {
  /** Files of the latest manifest; 0 before the first sync. */
  files: number;
  /** By language code. */
  languages: LanguageProgress[];
}
