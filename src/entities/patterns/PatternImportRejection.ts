import { defineEntity, p } from '@mikro-orm/core';
import { PatternImportRun } from './PatternImportRun.ts';
import { patternKinds } from './patternKinds.ts';

/** A row that a run of an import could not take, and why. */
export const PatternImportRejectionSchema = defineEntity({
  name: 'PatternImportRejection',
  tableName: 'pattern_import_rejections',
  properties: {
    runId: () => p.manyToOne(PatternImportRun).mapToPk().primary().deleteRule('cascade'),
    kind: p.enum(patternKinds).nativeEnumName('pattern_kind').primary(),
    /** Of the file, from 1: where the row begins. */
    line: p.integer().primary(),
    reason: p.text(),
  },
});

export class PatternImportRejection extends PatternImportRejectionSchema.class {}
PatternImportRejectionSchema.setClass(PatternImportRejection);
