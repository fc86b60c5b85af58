/** The nouns of the semantic patterns that have procedures of their own, and where their rows lie. */
export const nouns = {
  category: { table: 'categories', history: 'category_history', key: 'category_id' },
  field: { table: 'fields', history: 'field_history', key: 'field_id' },
  model: { table: 'models', history: 'model_history', key: 'model_id' },
  collection: { table: 'collections', history: 'collection_history', key: 'collection_id' },
  ontology: { table: 'ontologies', history: 'ontology_history', key: 'ontology_id' },
  vocabulary: { table: 'vocabularies', history: 'vocabulary_history', key: 'vocabulary_id' },
} as const;

export type Noun = keyof typeof nouns;
