import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';

/** Nouns of which a project can have copies of another project's, and the tables that link the two. */
export const adoptionLinks = {
  field: 'project_fields',
  model: 'project_models',
  collection: 'project_collections',
  ontology: 'project_ontologies',
} as const;
export type AdoptableNoun = keyof typeof adoptionLinks;

export const isAdoptable = (noun: Noun): noun is AdoptableNoun => noun in adoptionLinks;

/** `l` joined to the original `o` of an adopted row. */
export const originalOf = (noun: AdoptableNoun) =>
  `${adoptionLinks[noun]} l join ${nouns[noun].table} o on o.id = l.${nouns[noun].key} and o.deleted_at is null`;
