import { defineEntity, p } from '@mikro-orm/core';
import { Collection } from './Collection.ts';
import { Model } from './Model.ts';

/** A collection that a model takes in, and where it stands. */
export const ModelCollectionSchema = defineEntity({
  name: 'ModelCollection',
  tableName: 'model_collections',
  checks: [{ name: 'model_collections_order_not_negative', expression: 'order_index >= 0' }],
  properties: {
    modelId: () => p.manyToOne(Model).mapToPk().primary().deleteRule('cascade'),
    collectionId: () => p.manyToOne(Collection).mapToPk().primary().deleteRule('cascade').index(),
    /** From 0, without gaps. */
    orderIndex: p.integer(),
  },
});

export class ModelCollection extends ModelCollectionSchema.class {}
ModelCollectionSchema.setClass(ModelCollection);
