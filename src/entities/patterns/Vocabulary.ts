import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { nounSearch, searchIndexes } from '../searchIndexes.ts';

/** A controlled vocabulary: the terms that a field's values are taken from. */
export const VocabularySchema = defineEntity({
  name: 'Vocabulary',
  tableName: 'vocabularies',
  indexes: [
    { name: 'vocabularies_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    ...searchIndexes('vocabularies', { ...nounSearch, identifier: 'identifier' }),
  ],
  uniques: [
    {
      name: 'vocabularies_identifier_unique',
      expression:
        'create unique index "vocabularies_identifier_unique" on "vocabularies" ("project_id", "identifier") where "deleted_at" is null',
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    name: text(255),
    identifier: text(255),
    description: p.text().default(''),
    uri: text(500).nullable(),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Vocabulary extends VocabularySchema.class {}
VocabularySchema.setClass(Vocabulary);
