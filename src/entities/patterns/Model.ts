import { defineEntity } from '@mikro-orm/core';
import { patternColumns, patternIndexes } from './patternColumns.ts';

/** A semantic model (a class or shape): fields with their cardinality, and collections, in an order. */
export const ModelSchema = defineEntity({
  name: 'Model',
  tableName: 'models',
  ...patternIndexes('models'),
  properties: patternColumns(),
});

export class Model extends ModelSchema.class {}
ModelSchema.setClass(Model);
