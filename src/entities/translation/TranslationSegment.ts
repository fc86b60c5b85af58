import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** The translation memory: a text of the source and what it is in a language. It outlives targets and files. */
export const TranslationSegmentSchema = defineEntity({
  name: 'TranslationSegment',
  tableName: 'translation_segments',
  uniques: [
    { name: 'translation_segments_source_unique', properties: ['projectId', 'targetLanguage', 'sourceHash'] },
  ],
  checks: [
    { name: 'translation_segments_hash', expression: `source_hash ~ '^[0-9a-f]{64}$'` },
    { name: 'translation_segments_review', expression: 'reviewed_by is null or reviewed_at is not null' },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    /** SHA-256 of `sourceText` in UTF-8. */
    sourceHash: text(64),
    sourceText: p.text(),
    targetLanguage: text(35),
    targetText: p.text(),
    origin: p.enum(['machine', 'human'] as const).nativeEnumName('translation_origin'),
    reviewedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    reviewedAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class TranslationSegment extends TranslationSegmentSchema.class {}
TranslationSegmentSchema.setClass(TranslationSegment);
