import type { Noun } from '../../../entities/patterns/nouns.ts';

const columns = (relation: string, kind: string, of: string) =>
  `select '${relation}' as relation, '${kind}' as kind, ${of}.id, ${of}.project_id, ${of}.name, ${of}.identifier, ${of}.created_at`;

/** What uses something of its own project, `$1`: statements to be joined by `union all`. */
export const ownUses: Record<Noun, string[]> = {
  category: [
    `${columns('parent', 'category', 'u')} from categories u where u.parent_id = $1 and u.deleted_at is null`,
    `${columns('category', 'field', 'u')} from fields u where u.category_id = $1 and u.deleted_at is null`,
    `${columns('category', 'model', 'u')} from models u where u.category_id = $1 and u.deleted_at is null`,
    `${columns('category', 'collection', 'u')} from collections u where u.category_id = $1 and u.deleted_at is null`,
  ],
  field: [
    `${columns('part', 'model', 'u')} from model_fields c join models u on u.id = c.model_id and u.deleted_at is null where c.field_id = $1`,
    `${columns('part', 'collection', 'u')} from collection_fields c join collections u on u.id = c.collection_id and u.deleted_at is null where c.field_id = $1`,
  ],
  model: [],
  collection: [
    `${columns('part', 'model', 'u')} from model_collections c join models u on u.id = c.model_id and u.deleted_at is null where c.collection_id = $1`,
  ],
  ontology: [
    `${columns('meaning', 'field', 'u')} from fields u where u.deleted_at is null and exists (
      select from field_semantics s join ontology_classes o on o.id = s.class_id where s.field_id = u.id and o.ontology_id = $1
    )`,
  ],
  vocabulary: [
    `${columns('values', 'field', 'u')} from fields u where u.vocabulary_id = $1 and u.deleted_at is null`,
  ],
};

/** Copies of something in other projects: those that `links` selects, within `condition` on `projects p`. */
export const copies = (kind: string, links: string, condition: string) =>
  `${columns('copy', kind, 'u')} from projects p join (${links}) u on u.project_id = p.id where ${condition}`;
