import { z } from 'zod';
import type { Category } from '../entities/patterns/Category.ts';
import type { Collection } from '../entities/patterns/Collection.ts';
import { cardinalities } from '../entities/patterns/compositionColumns.ts';
import type { Field } from '../entities/patterns/Field.ts';
import { semanticRelations } from '../entities/patterns/FieldSemantic.ts';
import type { HistoryAction, HistoryDiff } from '../entities/patterns/historyColumns.ts';
import type { Model } from '../entities/patterns/Model.ts';
import type { Ontology } from '../entities/patterns/Ontology.ts';
import type { OntologyClass } from '../entities/patterns/OntologyClass.ts';
import type { OriginalData } from '../entities/patterns/patternColumns.ts';
import type { Vocabulary } from '../entities/patterns/Vocabulary.ts';
import type { VocabularyTerm } from '../entities/patterns/VocabularyTerm.ts';
import { moment, uuid } from './columns.ts';
import type { ActorRef } from './identity.ts';

/** What all nouns of the semantic patterns show. */
const common = {
  id: uuid,
  projectId: uuid,
  name: z.string(),
  /** Unique in the project, among what is not deleted. */
  identifier: z.string(),
  description: z.string(),
  authorId: uuid.nullable(),
  metadata: z.record(z.string(), z.unknown()),
  /** Send it back with an update, so that nobody overwrites what they have not seen. */
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
  deletedAt: moment.nullable(),
};

export const categoryView = z.object({ ...common, parentId: uuid.nullable() });
export type CategoryView = z.infer<typeof categoryView>;

export const modelView = z.object({
  ...common,
  uri: z.string().nullable(),
  rdfType: z.string().nullable(),
  ontologyPath: z.string().nullable(),
  categoryId: uuid.nullable(),
});
export type ModelView = z.infer<typeof modelView>;

/** A collection has the columns of a model. */
export const collectionView = modelView.extend({});
export type CollectionView = z.infer<typeof collectionView>;

export const fieldView = modelView.extend({ vocabularyId: uuid.nullable() });
export type FieldView = z.infer<typeof fieldView>;

export const ontologyView = z.object({
  ...common,
  uri: z.string().nullable(),
  prefix: z.string().nullable(),
});
export type OntologyView = z.infer<typeof ontologyView>;

export const vocabularyView = z.object({ ...common, uri: z.string().nullable() });
export type VocabularyView = z.infer<typeof vocabularyView>;

export const cardinality = z.enum(cardinalities);

/** A field in a model or a collection, in its order. */
export const fieldPart = z.object({
  fieldId: uuid,
  name: z.string(),
  identifier: z.string(),
  cardinality,
  /** Follows from the cardinality: 1 and + mean required. */
  required: z.boolean(),
});
export type FieldPart = z.infer<typeof fieldPart>;

/** A collection in a model, in its order. */
export const collectionPart = z.object({ collectionId: uuid, name: z.string(), identifier: z.string() });
export type CollectionPart = z.infer<typeof collectionPart>;

/** What a field means, in terms of an ontology. */
export const semanticPart = z.object({
  classId: uuid,
  relation: z.enum(semanticRelations),
  ontologyId: uuid,
  kind: z.enum(['class', 'property']),
  name: z.string(),
  uri: z.string(),
});
export type SemanticPart = z.infer<typeof semanticPart>;

export const ontologyClassView = z.object({
  id: uuid,
  ontologyId: uuid,
  kind: z.enum(['class', 'property']),
  name: z.string(),
  uri: z.string(),
  description: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type OntologyClassView = z.infer<typeof ontologyClassView>;

export const termView = z.object({
  id: uuid,
  vocabularyId: uuid,
  /** The wider term that it stands below. */
  broaderId: uuid.nullable(),
  name: z.string(),
  identifier: z.string(),
  description: z.string(),
  uri: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  version: z.number(),
  createdAt: moment,
  updatedAt: moment,
});
export type TermView = z.infer<typeof termView>;

/** Where an adopted pattern came from, for who may see that project. */
export interface Origin {
  projectId: string;
  projectName: string;
  /** The original, as it is now. */
  id: string;
  name: string;
  identifier: string;
  /** The version that it had when it was adopted, and the one that it has now. */
  adoptedVersion: number;
  version: number;
}

/** A step on the way from the root of a tree. */
export interface PathStep {
  id: string;
  name: string;
  identifier: string;
}

/** What became of the parts of something, as watchers are told. */
export const fieldMeaning = fieldView.extend({ semantics: z.array(semanticPart) });
export type FieldMeaning = z.infer<typeof fieldMeaning>;
export const composedOfFields = modelView.extend({ fields: z.array(fieldPart) });
export type ComposedOfFields = z.infer<typeof composedOfFields>;
export const composedOfCollections = modelView.extend({ collections: z.array(collectionPart) });
export type ComposedOfCollections = z.infer<typeof composedOfCollections>;

/** What `get` shows besides the views: what a pattern is made of, and where it came from. */
export interface FieldDetail extends FieldView {
  semantics: SemanticPart[];
  /** The rows that it was imported from; null: it was not imported. */
  originalData: OriginalData | null;
  /** null: it was not adopted, or from a project that the caller may not see. */
  origin: Origin | null;
}
export interface CollectionDetail extends CollectionView {
  fields: FieldPart[];
  originalData: OriginalData | null;
  origin: Origin | null;
}
export interface ModelDetail extends ModelView {
  fields: FieldPart[];
  collections: CollectionPart[];
  originalData: OriginalData | null;
  origin: Origin | null;
}
export interface CategoryDetail extends CategoryView {
  /** From the root down to its parent. */
  path: PathStep[];
}

type Row = Omit<z.infer<z.ZodObject<typeof common>>, 'version' | 'authorId' | 'deletedAt'> & {
  authorId?: string | null | undefined;
  rowVersion: number;
  deletedAt?: Date | null | undefined;
};

function viewCommon(row: Row): z.infer<z.ZodObject<typeof common>> {
  return {
    id: row.id,
    projectId: row.projectId,
    name: row.name,
    identifier: row.identifier,
    description: row.description,
    authorId: row.authorId ?? null,
    metadata: row.metadata,
    version: row.rowVersion,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    deletedAt: row.deletedAt ?? null,
  };
}

export function viewCategory(category: Category): CategoryView {
  return { ...viewCommon(category), parentId: category.parentId ?? null };
}

export function viewModel(model: Model | Collection | Field): ModelView {
  return {
    ...viewCommon(model),
    uri: model.uri ?? null,
    rdfType: model.rdfType ?? null,
    ontologyPath: model.ontologyPath ?? null,
    categoryId: model.categoryId ?? null,
  };
}

export function viewCollection(collection: Collection): CollectionView {
  return viewModel(collection);
}

export function viewField(field: Field): FieldView {
  return { ...viewModel(field), vocabularyId: field.vocabularyId ?? null };
}

export function viewOntology(ontology: Ontology): OntologyView {
  return { ...viewCommon(ontology), uri: ontology.uri ?? null, prefix: ontology.prefix ?? null };
}

export function viewVocabulary(vocabulary: Vocabulary): VocabularyView {
  return { ...viewCommon(vocabulary), uri: vocabulary.uri ?? null };
}

export function viewOntologyClass(of: OntologyClass): OntologyClassView {
  return {
    id: of.id,
    ontologyId: of.ontologyId,
    kind: of.kind,
    name: of.name,
    uri: of.uri,
    description: of.description,
    metadata: of.metadata,
    version: of.rowVersion,
    createdAt: of.createdAt,
    updatedAt: of.updatedAt,
  };
}

export function viewTerm(term: VocabularyTerm): TermView {
  return {
    id: term.id,
    vocabularyId: term.vocabularyId,
    broaderId: term.broaderId ?? null,
    name: term.name,
    identifier: term.identifier,
    description: term.description,
    uri: term.uri ?? null,
    metadata: term.metadata,
    version: term.rowVersion,
    createdAt: term.createdAt,
    updatedAt: term.updatedAt,
  };
}

/** What each noun shows in lists, in events and where it was changed. */
export interface NounViews {
  category: CategoryView;
  field: FieldView;
  model: ModelView;
  collection: CollectionView;
  ontology: OntologyView;
  vocabulary: VocabularyView;
}

/** What each noun shows by itself. */
export interface NounDetails {
  category: CategoryDetail;
  field: FieldDetail;
  model: ModelDetail;
  collection: CollectionDetail;
  ontology: OntologyView;
  vocabulary: VocabularyView;
}

/** A term with the way to it: from the root down to its broader term. */
export interface TermListItem extends TermView {
  path: PathStep[];
}

/** One version of something. */
export interface HistoryView {
  id: string;
  version: number;
  action: HistoryAction;
  /** null: the system, or someone who is gone. */
  actor: ActorRef | null;
  /** Name of the value → what it was and what it became; empty for the first version, where all is new. */
  changes: HistoryDiff;
  /** Names, as they are now, of what `changes` refers to by id; what is gone for good has none. */
  names: Record<string, string>;
  /** Everything as it was after the change. */
  state: Record<string, unknown>;
  createdAt: Date;
}

/**
 * How something is used: as a part of a model or a collection, as the original of a copy in another project,
 * as a parent of categories, as the category of patterns, as the meaning of fields, as where values come from.
 */
export type UseRelation = 'part' | 'copy' | 'parent' | 'category' | 'meaning' | 'values';

/** A place where something is used. */
export interface UseView {
  relation: UseRelation;
  /** What uses it. */
  kind: 'category' | 'field' | 'model' | 'collection' | 'ontology';
  id: string;
  projectId: string;
  name: string;
  identifier: string;
  createdAt: Date;
}
