import type pg from 'pg';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';
import type { NounRow } from './readNoun.ts';
import { adoptionLinks, isAdoptable } from './adoptionLinks.ts';

/** The parts of a version with the names that they had then; what was purged since has none. */
const partsThen = (name: string, table: string, key: string, id: string) => `coalesce((
    select jsonb_agg(part || jsonb_build_object('name', coalesce(n.state -> 'name', '""'), 'identifier', coalesce(n.state -> 'identifier', '""')) order by place)
    from jsonb_array_elements(h.state -> '${name}') with ordinality as e (part, place)
    left join lateral (
      select state from ${table} n where n.${key} = (e.part ->> '${id}')::uuid and n.created_at <= $3 order by n.version desc limit 1
    ) n on true
  ), '[]')`;
const fieldsThen = partsThen('fields', 'field_history', 'field_id', 'fieldId');
const collectionsThen = partsThen('collections', 'collection_history', 'collection_id', 'collectionId');

/** A category's state at that moment. */
const categoryThen = (id: string) => `(
    select category_id, state from category_history n
    where n.category_id = ${id} and n.created_at <= $3 order by n.version desc limit 1
  )`;
/** Moves are a matter of milliseconds, and clocks of nodes differ: a way in a circle is left where it closes. */
const pathThen = `(
    with recursive up as (
      select n.category_id as id, n.state, 1 as height from ${categoryThen(`(h.state ->> 'parentId')::uuid`)} n
      union all
      select n.category_id, n.state, up.height + 1
      from up join lateral ${categoryThen(`(up.state ->> 'parentId')::uuid`)} n on true
    ) cycle id set is_closed using way
    select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', state -> 'name', 'identifier', state -> 'identifier') order by height desc), '[]')
    from up where not is_closed
  )`;

const parts: Record<Noun, string> = {
  category: `jsonb_build_object('path', ${pathThen})`,
  field: `'{}'::jsonb`,
  collection: `jsonb_build_object('fields', ${fieldsThen})`,
  model: `jsonb_build_object('fields', ${fieldsThen}, 'collections', ${collectionsThen})`,
  ontology: `'{}'::jsonb`,
  vocabulary: `'{}'::jsonb`,
};

function adopted(noun: Noun): string {
  if (!isAdoptable(noun)) return 'false';
  return `exists (select from ${adoptionLinks[noun]} l where l.adopted_id = t.id and l.project_id = t.project_id)`;
}

/** The versions of a row are few, and an index has them in the order of their time. */
const compose = (noun: Noun) => `
select t.id, t.project_id as "projectId", t.author_id as "authorId", h.version, h.state || ${parts[noun]} as state,
  t.created_at as "createdAt", h.created_at as "updatedAt", ${adopted(noun)} as "isAdopted"
from ${nouns[noun].table} t
join lateral (
  select * from ${nouns[noun].history} h
  where h.${nouns[noun].key} = t.id and h.created_at <= $3
  order by h.version desc limit 1
) h on true
where t.id = $1 and t.project_id = $2`;

interface Row {
  id: string;
  projectId: string;
  authorId: string | null;
  version: number;
  state: Record<string, unknown> & { isDeleted: boolean };
  createdAt: Date;
  updatedAt: Date;
  isAdopted: boolean;
}

/**
 * A row as it was at a moment, its parts with the names that they had then. The rows that it was imported from
 * are not told: they are not part of its versions.
 * @returns undefined when the project had none of this id then, or it was deleted.
 */
export async function readAsOf<N extends Noun>(
  reads: pg.Pool,
  noun: N,
  of: { projectId: string; id: string; asOf: Date },
): Promise<NounRow<N> | undefined> {
  const { rows } = await reads.query<Row>({
    name: `read ${noun} as of a time`,
    text: compose(noun),
    values: [of.id, of.projectId, of.asOf],
  });
  const row = rows[0];
  if (!row || row.state.isDeleted) return undefined;
  const { state, ...columns } = row;
  const { isDeleted: _, originalRows, ...values } = state;
  const imported = originalRows === undefined ? {} : { originalData: null };
  return { ...values, ...imported, ...columns, deletedAt: null } as unknown as NounRow<N>;
}
