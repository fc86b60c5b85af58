import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Inputs, Outputs } from 'tessera-client';
import { trpc } from '../api.ts';

export type Found = Outputs['search']['query']['items'][number];
export type FoundKind = Found['kind'];

/** Milliseconds without a key after which is searched. */
const pauseMs = 150;

/** In the order in which groups of them are told of; singular and plural. */
const kinds: Record<FoundKind, readonly [string, string]> = {
  project: ['project', 'projects'],
  model: ['model', 'models'],
  field: ['field', 'fields'],
  collection: ['collection', 'collections'],
  category: ['category', 'categories'],
  vocabulary: ['vocabulary', 'vocabularies'],
  vocabularyTerm: ['term', 'terms'],
  ontology: ['ontology', 'ontologies'],
  ontologyClass: ['class or property', 'classes and properties'],
  issue: ['issue', 'issues'],
  task: ['task', 'tasks'],
  milestone: ['milestone', 'milestones'],
  thread: ['thread', 'threads'],
  comment: ['comment', 'comments'],
  file: ['file', 'files'],
};

export const oneOf = (kind: FoundKind) => kinds[kind][0];
/** “Classes and properties”, as a heading. */
export const headingOf = (kind: FoundKind) => {
  const [, plural] = kinds[kind];
  return plural.charAt(0).toUpperCase() + plural.slice(1);
};

export interface FoundGroup {
  kind: FoundKind;
  items: Found[];
}

/** What was found by kind, the kind of the best first. */
export function groupFound(items: readonly Found[]): FoundGroup[] {
  const groups = new Map<FoundKind, Found[]>();
  for (const item of items) groups.set(item.kind, [...(groups.get(item.kind) ?? []), item]);
  return [...groups].map(([kind, inner]) => ({ kind, items: inner }));
}

/** Whether all that was found is what was perhaps meant: nothing is called so. */
export const isGuess = (items: readonly Found[]) =>
  items.length > 0 && items.every(({ match }) => match === 'similar');

export interface Scope {
  projectId?: string | undefined;
  kinds?: FoundKind[] | undefined;
  limit?: number;
}

/** Searches as one types; what was found last stays until the next answer is there. */
export function useFound(typed: string, { projectId, kinds: wanted, limit = 20 }: Scope) {
  const [text] = useDebouncedValue(typed.trim(), pauseMs);
  const input: Inputs['search']['query'] = {
    text,
    limit,
    ...(projectId === undefined ? {} : { projectId }),
    ...(wanted === undefined ? {} : { kinds: wanted }),
  };
  const { data, error, isFetching } = useQuery({
    ...trpc.search.query.queryOptions(input),
    enabled: text !== '',
    placeholderData: keepPreviousData,
  });
  const isAsked = text !== '' && typed.trim() !== '';
  return {
    text,
    items: isAsked ? (data?.items ?? []) : [],
    found: isAsked ? (data?.found ?? {}) : {},
    error: isAsked ? error : null,
    /** Whether this is the answer to what stands there now. */
    isSettled: text === typed.trim() && !isFetching,
  };
}
