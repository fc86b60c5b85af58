import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { nounSearch, searchIndexes } from '../searchIndexes.ts';

/** A set of classes and properties that give fields their meaning, such as CIDOC CRM. */
export const OntologySchema = defineEntity({
  name: 'Ontology',
  tableName: 'ontologies',
  indexes: [
    { name: 'ontologies_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    ...searchIndexes('ontologies', { ...nounSearch, identifier: 'identifier' }),
  ],
  uniques: [
    {
      name: 'ontologies_identifier_unique',
      expression:
        'create unique index "ontologies_identifier_unique" on "ontologies" ("project_id", "identifier") where "deleted_at" is null',
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    name: text(255),
    identifier: text(255),
    description: p.text().default(''),
    /** Its namespace, as of `http://www.cidoc-crm.org/cidoc-crm/`. */
    uri: text(500).nullable(),
    /** How the namespace is abbreviated, as `crm`. */
    prefix: text(50).nullable(),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Ontology extends OntologySchema.class {}
OntologySchema.setClass(Ontology);
