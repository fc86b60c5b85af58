import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/** Original → copy. */
export type CopyMap = ReadonlyMap<string, string>;

const pairs = (parameter: string) => `jsonb_to_recordset(${parameter}::jsonb) as`;
const toJson = (map: CopyMap) => JSON.stringify(Array.from(map, ([from, to]) => ({ from, to })));

const tables = {
  model_fields: { key: 'model_id', part: 'field_id', columns: 'cardinality, required, order_index' },
  collection_fields: {
    key: 'collection_id',
    part: 'field_id',
    columns: 'cardinality, required, order_index',
  },
  model_collections: { key: 'model_id', part: 'collection_id', columns: 'order_index' },
} as const;

/** Gives the copies of wholes the copies of their parts, as the originals stand. */
export async function copyParts(
  em: EntityManager,
  table: keyof typeof tables,
  wholes: CopyMap,
  parts: CopyMap,
): Promise<void> {
  if (wholes.size === 0 || parts.size === 0) return;
  const { key, part, columns } = tables[table];
  await executePrepared(
    em,
    `insert into ${table} (${key}, ${part}, ${columns})
     select w."to", p."to", ${columns}
     from ${pairs('$1')} w ("from" uuid, "to" uuid)
     join ${table} o on o.${key} = w."from"
     join ${pairs('$2')} p ("from" uuid, "to" uuid) on p."from" = o.${part}`,
    [toJson(wholes), toJson(parts)],
  );
}

/** The originals of the parts of some wholes. */
export async function findParts(
  em: EntityManager,
  table: keyof typeof tables,
  wholes: readonly string[],
): Promise<string[]> {
  if (wholes.length === 0) return [];
  const { key, part } = tables[table];
  const rows = await executePrepared<{ id: string }>(
    em,
    `select distinct ${part} as id from ${table} where ${key} = any($1::uuid[])`,
    [wholes],
  );
  return rows.map((row) => row.id);
}
