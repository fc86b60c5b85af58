/** The six kinds of patterns, in the order of the sub-navigation, and how their procedures are called. */
import { useParams } from '@tanstack/react-router';
import type { Outputs } from 'tessera-client';
import { client, trpc } from '../../api.ts';

export type NounName = 'field' | 'model' | 'collection' | 'category' | 'vocabulary' | 'ontology';

export interface Noun {
  /** Of the search's kinds, of events and of uses. */
  name: NounName;
  /** Of the router, of the list and in addresses. */
  list: 'fields' | 'models' | 'collections' | 'categories' | 'vocabularies' | 'ontologies';
  /** Of the input of its procedures. */
  idKey: string;
  one: string;
  article: 'a' | 'an';
  label: string;
  /** What it is, in a sentence. */
  meaning: string;
  /** Whether it is of fields, models and collections: with a category, a type and a path. */
  isPattern: boolean;
}

export const nouns: readonly Noun[] = [
  {
    name: 'field',
    list: 'fields',
    idKey: 'fieldId',
    one: 'field',
    article: 'a',
    label: 'Fields',
    meaning: 'One piece of information, such as a title or a date.',
    isPattern: true,
  },
  {
    name: 'model',
    list: 'models',
    idKey: 'modelId',
    one: 'model',
    article: 'a',
    label: 'Models',
    meaning: 'What a record is made of: fields and collections, in their order.',
    isPattern: true,
  },
  {
    name: 'collection',
    list: 'collections',
    idKey: 'collectionId',
    one: 'collection',
    article: 'a',
    label: 'Collections',
    meaning: 'Fields that belong together and are used by several models.',
    isPattern: true,
  },
  {
    name: 'category',
    list: 'categories',
    idKey: 'categoryId',
    one: 'category',
    article: 'a',
    label: 'Categories',
    meaning: 'A tree that fields, models and collections are sorted into.',
    isPattern: false,
  },
  {
    name: 'vocabulary',
    list: 'vocabularies',
    idKey: 'vocabularyId',
    one: 'vocabulary',
    article: 'a',
    label: 'Vocabularies',
    meaning: 'Terms that fields take their values from.',
    isPattern: false,
  },
  {
    name: 'ontology',
    list: 'ontologies',
    idKey: 'ontologyId',
    one: 'ontology',
    article: 'an',
    label: 'Ontologies',
    meaning: 'Classes and properties that say what fields mean.',
    isPattern: false,
  },
];

const byName = new Map(nouns.map((noun) => [noun.name as string, noun]));
const byList = new Map(nouns.map((noun) => [noun.list as string, noun]));

/** The kind of this name; undefined: it is none of the patterns. */
export const findNoun = (name: string): Noun | undefined => byName.get(name);
export const nounOf = (name: NounName): Noun => byName.get(name) as Noun;

/** The kind that the address names, and the id of one, where it has any. */
export function useNounPlace(): { noun: Noun | undefined; patternId: string } {
  const { kind = '', patternId = '' }: { kind?: string; patternId?: string } = useParams({ strict: false });
  return { noun: byList.get(kind), patternId };
}

type Optional = 'uri' | 'prefix' | 'parentId' | 'categoryId' | 'vocabularyId' | 'rdfType' | 'ontologyPath';
type Detail = Outputs['fields']['get'];
/** One of any kind; what its kind does not have is undefined. */
export type Pattern = Omit<Detail, Optional | 'semantics' | 'origin' | 'originalData'> & {
  [key in Optional]?: string | null;
} & Partial<Pick<Detail, 'semantics' | 'origin' | 'originalData'>> & {
    fields?: Outputs['models']['get']['fields'];
    collections?: Outputs['models']['get']['collections'];
    path?: Outputs['categories']['get']['path'];
  };

/** The six routers have the same procedures: they are called as that of fields is, each with its own key. */
export const clientOf = (noun: Noun) => client[noun.list] as unknown as typeof client.fields;
export const trpcOf = (noun: Noun) => trpc[noun.list] as unknown as typeof trpc.fields;
/** The input's key of one of this kind. */
export const idOf = (noun: Noun, id: string) => ({ [noun.idKey]: id }) as { fieldId: string };

export const pathOf = (projectId: string, noun: Noun, id?: string) =>
  `/projects/${projectId}/patterns/${noun.list}${id === undefined ? '' : `/${id}`}`;

/** “Fields” → “fields”, as within a sentence. */
export const many = (noun: Noun) => noun.label.toLowerCase();
