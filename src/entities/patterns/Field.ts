import { defineEntity, p } from '@mikro-orm/core';
import { Vocabulary } from './Vocabulary.ts';
import { patternColumns, patternIndexes } from './patternColumns.ts';

/** An atomic semantic field: one thing that can be said of what a model describes. */
export const FieldSchema = defineEntity({
  name: 'Field',
  tableName: 'fields',
  ...patternIndexes('fields'),
  properties: {
    ...patternColumns(),
    /** Where the field's values are taken from; null: from anywhere. */
    vocabularyId: () => p.manyToOne(Vocabulary).mapToPk().nullable().deleteRule('set null').index(),
  },
});

export class Field extends FieldSchema.class {}
FieldSchema.setClass(Field);
