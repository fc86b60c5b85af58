import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Ontology } from './Ontology.ts';
import { named, searchIndexes, vectorOf } from '../searchIndexes.ts';

/** A class or a property of an ontology. */
export const OntologyClassSchema = defineEntity({
  name: 'OntologyClass',
  tableName: 'ontology_classes',
  indexes: [
    {
      name: 'ontology_classes_ontology_id_created_at_index',
      properties: ['ontologyId', 'createdAt', 'id'],
    },
    ...searchIndexes('ontology_classes', {
      name: 'name',
      vector: vectorOf(named('uri'), 'description'),
      identifier: 'uri',
      where: null,
    }),
  ],
  uniques: [{ name: 'ontology_classes_uri_unique', properties: ['ontologyId', 'uri'] }],
  properties: {
    id: id(),
    /** No column: the project in whose audit log changes stand. */
    projectId: p.uuid().persist(false).nullable(),
    ontologyId: () => p.manyToOne(Ontology).mapToPk().deleteRule('cascade'),
    kind: p
      .enum(['class', 'property'] as const)
      .nativeEnumName('ontology_class_kind')
      .default('class'),
    name: text(255),
    uri: text(500),
    description: p.text().default(''),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class OntologyClass extends OntologyClassSchema.class {}
OntologyClassSchema.setClass(OntologyClass);
