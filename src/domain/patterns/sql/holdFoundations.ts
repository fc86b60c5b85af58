import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';

/** The tables that a row of a noun refers to, each with the ids that the row `$1` holds. */
const foundations: Record<Noun, { kind: Noun; ids: string }[]> = {
  category: [{ kind: 'category', ids: 'select parent_id from categories where id = $1' }],
  field: [
    { kind: 'category', ids: 'select category_id from fields where id = $1' },
    { kind: 'vocabulary', ids: 'select vocabulary_id from fields where id = $1' },
    {
      kind: 'ontology',
      ids: 'select o.ontology_id from field_semantics s join ontology_classes o on o.id = s.class_id where s.field_id = $1',
    },
  ],
  model: [
    { kind: 'category', ids: 'select category_id from models where id = $1' },
    { kind: 'collection', ids: 'select collection_id from model_collections where model_id = $1' },
    { kind: 'field', ids: 'select field_id from model_fields where model_id = $1' },
  ],
  collection: [
    { kind: 'category', ids: 'select category_id from collections where id = $1' },
    { kind: 'field', ids: 'select field_id from collection_fields where collection_id = $1' },
  ],
  ontology: [],
  vocabulary: [],
};

export interface Foundation {
  kind: Noun;
  name: string;
  isDeleted: boolean;
}

/** What a row refers to or is made of; none of it is deleted until the transaction is over. */
export async function holdFoundations(em: EntityManager, noun: Noun, id: string): Promise<Foundation[]> {
  const found: Foundation[] = [];
  for (const { kind, ids } of foundations[noun]) {
    const rows = await executePrepared<{ name: string; is_deleted: boolean }>(
      em,
      `select name, deleted_at is not null as is_deleted from ${nouns[kind].table} where id in (${ids}) order by id for share`,
      [id],
    );
    found.push(...rows.map((row) => ({ kind, name: row.name, isDeleted: row.is_deleted })));
  }
  return found;
}
