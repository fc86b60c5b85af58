/** Parts of a row `t` as JSON arrays, in their order: expressions that a query selects. */

/** The fields of a model or a collection: `FieldPart`. */
export const fieldParts = (table: 'model_fields' | 'collection_fields', key: string) => `coalesce((
    select jsonb_agg(jsonb_build_object('fieldId', f.id, 'name', f.name, 'identifier', f.identifier,
      'cardinality', c.cardinality, 'required', c.required) order by c.order_index, f.id)
    from ${table} c join fields f on f.id = c.field_id
    where c.${key} = t.id
  ), '[]')`;

/** The collections of a model: `CollectionPart`. */
export const collectionParts = `coalesce((
    select jsonb_agg(jsonb_build_object('collectionId', o.id, 'name', o.name, 'identifier', o.identifier) order by c.order_index, o.id)
    from model_collections c join collections o on o.id = c.collection_id
    where c.model_id = t.id
  ), '[]')`;

/** What a field means: `SemanticPart`. */
export const semanticParts = `coalesce((
    select jsonb_agg(jsonb_build_object('classId', o.id, 'relation', s.relation, 'ontologyId', o.ontology_id,
      'kind', o.kind, 'name', o.name, 'uri', o.uri) order by s.order_index, o.id, s.relation)
    from field_semantics s join ontology_classes o on o.id = s.class_id
    where s.field_id = t.id
  ), '[]')`;

/** The way from the root of a tree down to the parent of `t`: `PathStep`, in one recursive query. */
export const pathTo = (table: 'categories' | 'vocabulary_terms', parent: string) => `(
    with recursive up as (
      select id, ${parent} as parent, name, identifier, 1 as height from ${table} where id = t.${parent}
      union all
      select u.id, u.${parent}, u.name, u.identifier, up.height + 1 from up join ${table} u on u.id = up.parent
    )
    select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'identifier', identifier) order by height desc), '[]')
    from up
  )`;
