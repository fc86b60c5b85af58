import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Vocabulary } from './Vocabulary.ts';
import { nounSearch, searchIndexes } from '../searchIndexes.ts';

/** The entity itself: its own definition names it before it is there. */
const self = (): new () => { id: string } => VocabularyTerm;

/** A term of a vocabulary; `broaderId` is the wider term that it stands below. */
export const VocabularyTermSchema = defineEntity({
  name: 'VocabularyTerm',
  tableName: 'vocabulary_terms',
  indexes: [
    {
      name: 'vocabulary_terms_vocabulary_id_created_at_index',
      properties: ['vocabularyId', 'createdAt', 'id'],
    },
    ...searchIndexes('vocabulary_terms', { ...nounSearch, identifier: 'identifier', where: null }),
  ],
  uniques: [{ name: 'vocabulary_terms_identifier_unique', properties: ['vocabularyId', 'identifier'] }],
  checks: [{ name: 'vocabulary_terms_not_own_broader', expression: 'broader_id <> id' }],
  properties: {
    id: id(),
    /** No column: the project in whose audit log changes stand. */
    projectId: p.uuid().persist(false).nullable(),
    vocabularyId: () => p.manyToOne(Vocabulary).mapToPk().deleteRule('cascade'),
    broaderId: () => p.manyToOne(self()).mapToPk().nullable().deleteRule('set null').index(),
    name: text(255),
    identifier: text(255),
    description: p.text().default(''),
    uri: text(500).nullable(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class VocabularyTerm extends VocabularyTermSchema.class {}
VocabularyTermSchema.setClass(VocabularyTerm);
