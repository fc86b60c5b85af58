import { defineEntity, p } from '@mikro-orm/core';
import { Collection } from './Collection.ts';
import { historyColumns, historyIndexes } from './historyColumns.ts';

/** Every version of a collection, with its composition. */
export const CollectionHistorySchema = defineEntity({
  name: 'CollectionHistory',
  tableName: 'collection_history',
  ...historyIndexes('collection_history', 'collection_id'),
  properties: {
    ...historyColumns(),
    collectionId: () => p.manyToOne(Collection).mapToPk().deleteRule('cascade'),
  },
});

export class CollectionHistory extends CollectionHistorySchema.class {}
CollectionHistorySchema.setClass(CollectionHistory);
