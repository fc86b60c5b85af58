import { defineEntity, p } from '@mikro-orm/core';
import { Field } from './Field.ts';
import { Model } from './Model.ts';
import { compositionChecks, compositionColumns } from './compositionColumns.ts';

/** A field of a model: how many values it may have, and where it stands. */
export const ModelFieldSchema = defineEntity({
  name: 'ModelField',
  tableName: 'model_fields',
  checks: compositionChecks('model_fields'),
  properties: {
    modelId: () => p.manyToOne(Model).mapToPk().primary().deleteRule('cascade'),
    fieldId: () => p.manyToOne(Field).mapToPk().primary().deleteRule('cascade').index(),
    ...compositionColumns(),
  },
});

export class ModelField extends ModelFieldSchema.class {}
ModelFieldSchema.setClass(ModelField);
