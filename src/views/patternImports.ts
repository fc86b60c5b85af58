import { z } from 'zod';
import type { PatternKind } from '../entities/patterns/patternKinds.ts';
import { moment, uuid } from './columns.ts';

const whole = z.number().int().min(0);

/** What became of the rows of one file; `read` is the sum of the others. */
export const importCounts = z.object({
  read: whole,
  /** Rows that a new pattern was made of. */
  created: whole,
  /** Rows that say of a pattern what another row says already, in other words or for another project. */
  merged: whole,
  /** Rows that were imported before. */
  unchanged: whole,
  rejected: whole,
});

export const importReport = z.object({
  field: importCounts,
  collection: importCounts,
  model: importCounts,
  /** Categories that were made because rows name them. */
  categoriesCreated: whole,
});

/** One run of an import; it shares its id with the job. */
export const patternImportRunView = z.object({
  id: uuid,
  importId: uuid,
  /** Whether everything was done but kept. */
  isDryRun: z.boolean(),
  /** null: not done yet. */
  report: importReport.nullable(),
  createdAt: moment,
});
export type PatternImportRunView = z.infer<typeof patternImportRunView>;

export const patternImportView = z.object({
  id: uuid,
  projectId: uuid,
  authorId: uuid.nullable(),
  /** The project that rows come from which do not name one themselves. */
  source: z.string(),
  /** Of all chunks given so far. */
  sizeBytes: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type PatternImportView = z.infer<typeof patternImportView>;

type ImportRow = Omit<PatternImportView, 'authorId'> & { authorId?: string | null | undefined };

export function viewPatternImport(given: ImportRow): PatternImportView {
  return {
    id: given.id,
    projectId: given.projectId,
    authorId: given.authorId ?? null,
    source: given.source,
    sizeBytes: given.sizeBytes,
    createdAt: given.createdAt,
    updatedAt: given.updatedAt,
  };
}

type RunRow = Omit<PatternImportRunView, 'report'> & {
  report?: PatternImportRunView['report'] | undefined;
};

export function viewPatternImportRun(run: RunRow): PatternImportRunView {
  return {
    id: run.id,
    importId: run.importId,
    isDryRun: run.isDryRun,
    report: run.report ?? null,
    createdAt: run.createdAt,
  };
}

/** A row that a run could not take; `line` is where it begins in its file, from 1. */
export interface RejectionView {
  kind: PatternKind;
  line: number;
  reason: string;
}
