/** How a field stands in a model or a collection. */
import { p } from '@mikro-orm/core';

/** How many values a field may have: exactly one, any number, one or more, none or one. */
export const cardinalities = ['1', '*', '+', '?'] as const;
export type Cardinality = (typeof cardinalities)[number];

export const compositionColumns = () => ({
  cardinality: p.enum(cardinalities).nativeEnumName('cardinality').default('*'),
  /** Follows from the cardinality: true for 1 and +. */
  required: p.boolean().default(false),
  /** From 0, without gaps. */
  orderIndex: p.integer(),
});

/** What the database holds of them. */
export const compositionChecks = (table: 'model_fields' | 'collection_fields') => [
  { name: `${table}_order_not_negative`, expression: 'order_index >= 0' },
  {
    name: `${table}_required_by_cardinality`,
    expression: `required = (cardinality = '1' or cardinality = '+')`,
  },
];
