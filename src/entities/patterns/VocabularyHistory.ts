import { defineEntity, p } from '@mikro-orm/core';
import { Vocabulary } from './Vocabulary.ts';
import { historyColumns, historyIndexes } from './historyColumns.ts';

/** Every version of a vocabulary; what happened to its terms stands in the diff. */
export const VocabularyHistorySchema = defineEntity({
  name: 'VocabularyHistory',
  tableName: 'vocabulary_history',
  ...historyIndexes('vocabulary_history', 'vocabulary_id'),
  properties: {
    ...historyColumns(),
    vocabularyId: () => p.manyToOne(Vocabulary).mapToPk().deleteRule('cascade'),
  },
});

export class VocabularyHistory extends VocabularyHistorySchema.class {}
VocabularyHistorySchema.setClass(VocabularyHistory);
