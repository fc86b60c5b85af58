import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
import { Project } from '../projects/Project.ts';
import { SourceFile } from '../repositories/SourceFile.ts';
import { ProjectTarget } from './ProjectTarget.ts';

export const translationStatuses = ['PENDING', 'IN_PROGRESS', 'DONE', 'OUTDATED', 'ERROR'] as const;
export type TranslationStatus = (typeof translationStatuses)[number];

/** What became of one file in one language. */
export interface TranslationOutcome {
  status: Exclude<TranslationStatus, 'OUTDATED'>;
  /** SHA-256 of the source that was translated; needed for DONE. */
  sourceHash?: string | undefined;
  /** Needed for ERROR. */
  errorMessage?: string | undefined;
}

/**
 * How far the translation of a file into a language is. A file without a row is PENDING. DONE and OUTDATED
 * are one thing, translated, and differ only by whether the source still is what was translated: triggers of
 * the database hold that, for a sync that changes ten thousand files as for a row written by hand.
 */
export const FileTranslationSchema = defineEntity({
  name: 'FileTranslation',
  tableName: 'file_translations',
  indexes: [
    { name: 'file_translations_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    {
      name: 'file_translations_progress_index',
      expression:
        'create index "file_translations_progress_index" on "file_translations" ("project_target_id", "status") include ("source_file_id")',
    },
  ],
  uniques: [{ name: 'file_translations_pair_unique', properties: ['sourceFileId', 'projectTargetId'] }],
  checks: [
    {
      name: 'file_translations_hash',
      expression: `last_translated_hash ~ '^[0-9a-f]{64}$'`,
    },
    {
      name: 'file_translations_translated_from',
      expression: `(status <> 'DONE' and status <> 'OUTDATED') or last_translated_hash is not null`,
    },
    {
      name: 'file_translations_error_message',
      expression: `(status = 'ERROR') = (error_message is not null)`,
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    sourceFileId: () => p.manyToOne(SourceFile).mapToPk().deleteRule('cascade'),
    projectTargetId: () => p.manyToOne(ProjectTarget).mapToPk().deleteRule('cascade'),
    status: p.enum(translationStatuses).nativeEnumName('translation_status').default('PENDING'),
    lastTranslatedHash: text(64).nullable(),
    errorMessage: p.text().nullable(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class FileTranslation extends FileTranslationSchema.class {
  /**
   * Takes what became of it. The hash of what was translated last is kept through further attempts, so that
   * one that fails does not hide which source the published translation was made from.
   * @param contentHash of the source as it is now
   */
  record({ status, sourceHash, errorMessage }: TranslationOutcome, contentHash: string): void {
    this.errorMessage = status === 'ERROR' ? (errorMessage ?? null) : null;
    if (status === 'DONE' && sourceHash) this.lastTranslatedHash = sourceHash;
    this.status = status === 'DONE' && sourceHash !== contentHash ? 'OUTDATED' : status;
  }
}
FileTranslationSchema.setClass(FileTranslation);
