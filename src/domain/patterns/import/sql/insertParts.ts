import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../../database/executePrepared.ts';
import type { Cardinality } from '../../../../entities/patterns/compositionColumns.ts';

export interface PartRow {
  whole: string;
  part: string;
  cardinality?: Cardinality;
  required?: boolean;
  orderIndex: number;
}

const tables = {
  model_fields: { keys: 'model_id, field_id', columns: 'cardinality, required, order_index' },
  collection_fields: { keys: 'collection_id, field_id', columns: 'cardinality, required, order_index' },
  model_collections: { keys: 'model_id, collection_id', columns: 'order_index' },
} as const;
export type PartTable = keyof typeof tables;

/** Inserts the parts of new wholes: one statement however many. */
export async function insertParts(
  em: EntityManager,
  table: PartTable,
  rows: readonly PartRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { keys, columns } = tables[table];
  await executePrepared(
    em,
    `insert into ${table} (${keys}, ${columns})
     select whole, part, ${columns.replace('order_index', '"orderIndex"')}
     from jsonb_to_recordset($1::jsonb) as r (whole uuid, part uuid, cardinality cardinality, required boolean, "orderIndex" int)`,
    [JSON.stringify(rows)],
  );
}
