import { defineEntity, p } from '@mikro-orm/core';
import { Field } from './Field.ts';
import { Collection } from './Collection.ts';
import { compositionChecks, compositionColumns } from './compositionColumns.ts';

/** A field of a collection: how many values it may have, and where it stands. */
export const CollectionFieldSchema = defineEntity({
  name: 'CollectionField',
  tableName: 'collection_fields',
  checks: compositionChecks('collection_fields'),
  properties: {
    collectionId: () => p.manyToOne(Collection).mapToPk().primary().deleteRule('cascade'),
    fieldId: () => p.manyToOne(Field).mapToPk().primary().deleteRule('cascade').index(),
    ...compositionColumns(),
  },
});

export class CollectionField extends CollectionFieldSchema.class {}
CollectionFieldSchema.setClass(CollectionField);
