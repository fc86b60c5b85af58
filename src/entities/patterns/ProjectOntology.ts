import { defineEntity, p } from '@mikro-orm/core';
import { Ontology } from './Ontology.ts';
import { adoptionColumns } from './adoptionColumns.ts';

/** A project uses another project's ontology, which its adopted fields brought along: `adoptedId` is its own copy. */
export const ProjectOntologySchema = defineEntity({
  name: 'ProjectOntology',
  tableName: 'project_ontologies',
  properties: {
    ...adoptionColumns(),
    ontologyId: () => p.manyToOne(Ontology).mapToPk().primary().deleteRule('cascade').index(),
    adoptedId: () => p.manyToOne(Ontology).mapToPk().deleteRule('cascade').index(),
  },
});

export class ProjectOntology extends ProjectOntologySchema.class {}
ProjectOntologySchema.setClass(ProjectOntology);
