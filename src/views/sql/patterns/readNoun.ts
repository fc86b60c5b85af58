import type pg from 'pg';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';
import type { NounDetails } from '../../patterns.ts';
import { adoptionLinks, isAdoptable } from './adoptionLinks.ts';
import { nounColumns } from './nounColumns.ts';
import { collectionParts, fieldParts, pathTo, semanticParts } from './partColumns.ts';

/** What a noun shows by itself; where it came from is read apart, for not everyone may see it. */
export type NounRow<N extends Noun> = Omit<NounDetails[N], 'origin'> & { isAdopted: boolean };

const parts: Record<Noun, string> = {
  category: `, ${pathTo('categories', 'parent_id')} as path`,
  field: `, ${semanticParts} as semantics, t.original_data as "originalData"`,
  collection: `, ${fieldParts('collection_fields', 'collection_id')} as fields, t.original_data as "originalData"`,
  model: `, ${fieldParts('model_fields', 'model_id')} as fields, ${collectionParts} as collections, t.original_data as "originalData"`,
  ontology: '',
  vocabulary: '',
};

function adopted(noun: Noun): string {
  if (!isAdoptable(noun)) return 'false';
  return `exists (select from ${adoptionLinks[noun]} l where l.adopted_id = t.id and l.project_id = t.project_id)`;
}

/** One statement however much it is made of: parts come as JSON, aggregated by the index of each link table. */
const compose = (noun: Noun) => `
select ${nounColumns[noun]}${parts[noun]}, ${adopted(noun)} as "isAdopted"
from ${nouns[noun].table} t
where t.id = $1 and t.project_id = $2 and t.deleted_at is null`;

/** One row with all that it is made of; undefined when the project has none of this id. */
export async function readNoun<N extends Noun>(
  reads: pg.Pool,
  noun: N,
  of: { projectId: string; id: string },
): Promise<NounRow<N> | undefined> {
  const { rows } = await reads.query<NounRow<N>>({
    name: `read ${noun}`,
    text: compose(noun),
    values: [of.id, of.projectId],
  });
  return rows[0];
}
