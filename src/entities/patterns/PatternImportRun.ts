import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Job } from '../jobs/Job.ts';
import { PatternImport } from './PatternImport.ts';
import type { PatternKind } from './patternKinds.ts';

/** What became of the rows of a file; `read` is the sum of the others. */
export interface ImportCounts {
  read: number;
  /** Rows that a new pattern was made of. */
  created: number;
  /** Rows that say again what a pattern says already, under another project or in other words. */
  merged: number;
  /** Rows that were imported before. */
  unchanged: number;
  rejected: number;
}

export type ImportReport = Record<PatternKind, ImportCounts> & {
  /** Categories that were made because rows name them. */
  categoriesCreated: number;
};

/** What an import job adds to its row in `jobs`, whose primary key it shares. */
export const PatternImportRunSchema = defineEntity({
  name: 'PatternImportRun',
  tableName: 'pattern_import_runs',
  indexes: [
    { name: 'pattern_import_runs_import_id_created_at_index', properties: ['importId', 'createdAt', 'id'] },
  ],
  properties: {
    id: () => p.manyToOne(Job).mapToPk().primary().fieldName('id').deleteRule('cascade'),
    importId: () => p.manyToOne(PatternImport).mapToPk().deleteRule('cascade'),
    /** Whether everything was done but kept. */
    isDryRun: p.boolean().default(false),
    /** null: not done yet. */
    report: p.json().$type<ImportReport>().nullable(),
    createdAt: createdAt(),
  },
});

export class PatternImportRun extends PatternImportRunSchema.class {}
PatternImportRunSchema.setClass(PatternImportRun);
