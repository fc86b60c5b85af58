import { defineEntity, p } from '@mikro-orm/core';
import { Field } from './Field.ts';
import { historyColumns, historyIndexes } from './historyColumns.ts';

/** Every version of a field, with its semantics. */
export const FieldHistorySchema = defineEntity({
  name: 'FieldHistory',
  tableName: 'field_history',
  ...historyIndexes('field_history', 'field_id'),
  properties: {
    ...historyColumns(),
    fieldId: () => p.manyToOne(Field).mapToPk().deleteRule('cascade'),
  },
});

export class FieldHistory extends FieldHistorySchema.class {}
FieldHistorySchema.setClass(FieldHistory);
