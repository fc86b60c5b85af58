import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { executePrepared } from '../../../database/executePrepared.ts';
import { causeOf } from '../../../database/transaction.ts';
import type { HistoryAction, HistoryDiff } from '../../../entities/patterns/historyColumns.ts';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';
import { semanticParts } from '../../../views/sql/patterns/partColumns.ts';

const common = `'name', t.name, 'identifier', t.identifier, 'description', t.description, 'metadata', t.metadata,
    'isDeleted', t.deleted_at is not null`;
const pattern = `${common}, 'uri', t.uri, 'rdfType', t.rdf_type, 'ontologyPath', t.ontology_path, 'categoryId', t.category_id,
    'originalRows', coalesce(jsonb_array_length(t.original_data -> 'rows'), 0)`;
const fieldsOf = (table: string, key: string) => `coalesce((
      select jsonb_agg(jsonb_build_object('fieldId', field_id, 'cardinality', cardinality, 'required', required) order by order_index)
      from ${table} where ${key} = t.id
    ), '[]')`;

/** Everything that a version holds; of rows that were imported their number, for they only ever grow. */
const states: Record<Noun, string> = {
  category: `${common}, 'parentId', t.parent_id`,
  field: `${pattern}, 'vocabularyId', t.vocabulary_id, 'semantics', ${semanticParts}`,
  collection: `${pattern}, 'fields', ${fieldsOf('collection_fields', 'collection_id')}`,
  model: `${pattern}, 'fields', ${fieldsOf('model_fields', 'model_id')}, 'collections', coalesce((
      select jsonb_agg(jsonb_build_object('collectionId', collection_id) order by order_index) from model_collections where model_id = t.id
    ), '[]')`,
  ontology: `${common}, 'uri', t.uri, 'prefix', t.prefix`,
  vocabulary: `${common}, 'uri', t.uri`,
};

/**
 * The state is read from what was written, not from the unit of work: so verbs on one row and statements on
 * thousands leave the same. A version that has its row already (nothing was changed) gets no second one. The
 * moment never goes back, whatever the clocks of the nodes say.
 */
const compose = (noun: Noun) => {
  const { table, history, key } = nouns[noun];
  return `
insert into ${history} (id, ${key}, version, action, changed_by, state, diff, created_at)
select c.id, t.id, t.row_version, $3::history_action, $4::uuid, s.state,
  case when p.state is null then '{}' else coalesce(d.diff, '{}') || $5::jsonb end, greatest(t.updated_at, p.created_at)
from unnest($1::uuid[], $2::uuid[]) as c (id, ${key})
join ${table} t on t.id = c.${key}
cross join lateral (select jsonb_build_object(${states[noun]}) as state offset 0) s
left join lateral (
  select h.state, h.created_at from ${history} h where h.${key} = t.id order by h.version desc limit 1
) p on true
cross join lateral (
  select jsonb_object_agg(key, jsonb_build_object('old', o.value, 'new', n.value)) as diff
  from jsonb_each(s.state) n full join jsonb_each(p.state) o using (key)
  where n.value is distinct from o.value
) d
on conflict (${key}, version) do nothing`;
};

/** Keeps the versions that rows have now, with what changed since the version before. Call it after the flush. */
export async function keepHistory(
  em: EntityManager,
  noun: Noun,
  ids: readonly string[],
  action: HistoryAction,
  further: HistoryDiff = {},
): Promise<void> {
  if (ids.length === 0) return;
  await executePrepared(em, compose(noun), [
    ids.map(() => uuidv7()),
    ids,
    action,
    causeOf(em).actorId,
    JSON.stringify(further),
  ]);
}
