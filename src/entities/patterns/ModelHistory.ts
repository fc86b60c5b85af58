import { defineEntity, p } from '@mikro-orm/core';
import { Model } from './Model.ts';
import { historyColumns, historyIndexes } from './historyColumns.ts';

/** Every version of a model, with its composition. */
export const ModelHistorySchema = defineEntity({
  name: 'ModelHistory',
  tableName: 'model_history',
  ...historyIndexes('model_history', 'model_id'),
  properties: {
    ...historyColumns(),
    modelId: () => p.manyToOne(Model).mapToPk().deleteRule('cascade'),
  },
});

export class ModelHistory extends ModelHistorySchema.class {}
ModelHistorySchema.setClass(ModelHistory);
