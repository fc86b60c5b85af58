/** Every entity of the semantic patterns. */
import { Category } from './Category.ts';
import { Ontology } from './Ontology.ts';
import { OntologyClass } from './OntologyClass.ts';
import { Vocabulary } from './Vocabulary.ts';
import { VocabularyTerm } from './VocabularyTerm.ts';
import { Field } from './Field.ts';
import { Model } from './Model.ts';
import { Collection } from './Collection.ts';
import { ModelField } from './ModelField.ts';
import { ModelCollection } from './ModelCollection.ts';
import { CollectionField } from './CollectionField.ts';
import { FieldSemantic } from './FieldSemantic.ts';
import { ProjectField } from './ProjectField.ts';
import { ProjectModel } from './ProjectModel.ts';
import { ProjectCollection } from './ProjectCollection.ts';
import { ProjectOntology } from './ProjectOntology.ts';
import { FieldHistory } from './FieldHistory.ts';
import { ModelHistory } from './ModelHistory.ts';
import { CollectionHistory } from './CollectionHistory.ts';
import { CategoryHistory } from './CategoryHistory.ts';
import { OntologyHistory } from './OntologyHistory.ts';
import { VocabularyHistory } from './VocabularyHistory.ts';
import { PatternImport } from './PatternImport.ts';
import { PatternImportChunk } from './PatternImportChunk.ts';
import { PatternImportRun } from './PatternImportRun.ts';
import { PatternImportRejection } from './PatternImportRejection.ts';

export const patternEntities = [
  Category,
  Ontology,
  OntologyClass,
  Vocabulary,
  VocabularyTerm,
  Field,
  Model,
  Collection,
  ModelField,
  ModelCollection,
  CollectionField,
  FieldSemantic,
  ProjectField,
  ProjectModel,
  ProjectCollection,
  ProjectOntology,
  FieldHistory,
  ModelHistory,
  CollectionHistory,
  CategoryHistory,
  OntologyHistory,
  VocabularyHistory,
  PatternImport,
  PatternImportChunk,
  PatternImportRun,
  PatternImportRejection,
];

/** Names of those that are deleted softly, with the branches of their versions. */
export const patternsDeletedSoftly = [
  'Category',
  'Field',
  'Model',
  'Collection',
  'Ontology',
  'Vocabulary',
  'Branch',
];
