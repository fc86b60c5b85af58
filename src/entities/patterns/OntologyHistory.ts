import { defineEntity, p } from '@mikro-orm/core';
import { Ontology } from './Ontology.ts';
import { historyColumns, historyIndexes } from './historyColumns.ts';

/** Every version of a ontology; what happened to its classes stands in the diff. */
export const OntologyHistorySchema = defineEntity({
  name: 'OntologyHistory',
  tableName: 'ontology_history',
  ...historyIndexes('ontology_history', 'ontology_id'),
  properties: {
    ...historyColumns(),
    ontologyId: () => p.manyToOne(Ontology).mapToPk().deleteRule('cascade'),
  },
});

export class OntologyHistory extends OntologyHistorySchema.class {}
OntologyHistorySchema.setClass(OntologyHistory);
