import { defineEntity } from '@mikro-orm/core';
import { patternColumns, patternIndexes } from './patternColumns.ts';

/** A named group of fields, which models take in as a whole. */
export const CollectionSchema = defineEntity({
  name: 'Collection',
  tableName: 'collections',
  ...patternIndexes('collections'),
  properties: patternColumns(),
});

export class Collection extends CollectionSchema.class {}
CollectionSchema.setClass(Collection);
