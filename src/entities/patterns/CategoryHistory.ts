import { defineEntity, p } from '@mikro-orm/core';
import { Category } from './Category.ts';
import { historyColumns, historyIndexes } from './historyColumns.ts';

/** Every version of a category. */
export const CategoryHistorySchema = defineEntity({
  name: 'CategoryHistory',
  tableName: 'category_history',
  ...historyIndexes('category_history', 'category_id'),
  properties: {
    ...historyColumns(),
    categoryId: () => p.manyToOne(Category).mapToPk().deleteRule('cascade'),
  },
});

export class CategoryHistory extends CategoryHistorySchema.class {}
CategoryHistorySchema.setClass(CategoryHistory);
