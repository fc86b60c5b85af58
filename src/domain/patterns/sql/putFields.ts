import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { PartsDiff } from '../diffParts.ts';
import type { StoredField } from '../readParts.ts';

const compositions = {
  model: { table: 'model_fields', key: 'model_id' },
  collection: { table: 'collection_fields', key: 'collection_id' },
} as const;
export type ComposedNoun = keyof typeof compositions;

/** The fields that a model or a collection has, in their order. */
export async function readStoredFields(
  em: EntityManager,
  noun: ComposedNoun,
  id: string,
): Promise<StoredField[]> {
  const { table, key } = compositions[noun];
  return executePrepared<StoredField>(
    em,
    `select field_id as "fieldId", cardinality, required, order_index as "orderIndex" from ${table} where ${key} = $1 order by order_index`,
    [id],
  );
}

/** One statement takes away what is gone and writes what is new or changed; what stands as it stood stays. */
export async function putFields(
  em: EntityManager,
  noun: ComposedNoun,
  id: string,
  { gone, put }: PartsDiff<StoredField>,
): Promise<void> {
  const { table, key } = compositions[noun];
  await executePrepared(
    em,
    `with gone as (delete from ${table} where ${key} = $1 and field_id = any($2::uuid[]))
     insert into ${table} (${key}, field_id, cardinality, required, order_index)
     select $1::uuid, "fieldId", cardinality, required, "orderIndex"
     from jsonb_to_recordset($3::jsonb) as p ("fieldId" uuid, cardinality cardinality, required boolean, "orderIndex" int)
     on conflict (${key}, field_id) do update
     set cardinality = excluded.cardinality, required = excluded.required, order_index = excluded.order_index`,
    [id, gone.map((part) => part.fieldId), JSON.stringify(put)],
  );
}
