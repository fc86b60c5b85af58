import type { Noun } from '../../../entities/patterns/nouns.ts';

const common = `t.id, t.project_id as "projectId", t.name, t.identifier, t.description, t.author_id as "authorId", t.metadata,
  t.row_version as version, t.created_at as "createdAt", t.updated_at as "updatedAt", t.deleted_at as "deletedAt"`;
const pattern = `${common}, t.uri, t.rdf_type as "rdfType", t.ontology_path as "ontologyPath", t.category_id as "categoryId"`;

/** What a query selects of the table `t` of a noun: its view as it stands. */
export const nounColumns: Record<Noun, string> = {
  category: `${common}, t.parent_id as "parentId"`,
  field: `${pattern}, t.vocabulary_id as "vocabularyId"`,
  model: pattern,
  collection: pattern,
  ontology: `${common}, t.uri, t.prefix`,
  vocabulary: `${common}, t.uri`,
};
