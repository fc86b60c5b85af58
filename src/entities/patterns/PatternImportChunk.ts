import { defineEntity, p } from '@mikro-orm/core';
import { PatternImport } from './PatternImport.ts';
import { patternKinds } from './patternKinds.ts';

/** A piece of a file, as it was given. */
export const PatternImportChunkSchema = defineEntity({
  name: 'PatternImportChunk',
  tableName: 'pattern_import_chunks',
  checks: [{ name: 'pattern_import_chunks_index_not_negative', expression: 'chunk_index >= 0' }],
  properties: {
    importId: () => p.manyToOne(PatternImport).mapToPk().primary().deleteRule('cascade'),
    kind: p.enum(patternKinds).nativeEnumName('pattern_kind').primary(),
    /** From 0, without gaps. */
    chunkIndex: p.integer().primary(),
    content: p.text(),
  },
});

export class PatternImportChunk extends PatternImportChunkSchema.class {}
PatternImportChunkSchema.setClass(PatternImportChunk);
