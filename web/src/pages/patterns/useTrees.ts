import { useEffect } from 'react';
import { queryClient, trpc } from '../../api.ts';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { type Pages, byCursor, usePages } from '../../kit/usePages.ts';

/** Loads every page: of a tree, nothing can be shown in its place before all has come. */
export function useWhole<T>(pages: Pages<T>): Pages<T> {
  const { hasMore, isLoadingMore, loadMore } = pages;
  useEffect(() => {
    if (hasMore && !isLoadingMore) loadMore();
    // loadMore is made anew each time; what it does is the same.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [hasMore, isLoadingMore]);
  return pages;
}

/** The way to each from its root: “Persons › Names”. What stands in a circle for a moment is left where it closes. */
function wayTo(id: string, byId: ReadonlyMap<string, { name: string; parentId: string | null }>): string {
  const names: string[] = [];
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null && !seen.has(at); at = byId.get(at)?.parentId ?? null) {
    seen.add(at);
    names.unshift(byId.get(at)?.name ?? '…');
  }
  return names.join(' › ');
}

/** The project's categories, live, and as options of a select. */
export function useCategories(projectId: string) {
  const options = trpc.categories.list.infiniteQueryOptions({ projectId, limit: 200 }, byCursor);
  const pages = useWhole(useLiveList('categories', projectId, options, 'first'));
  const items = pages.items ?? [];
  const byId = new Map(items.map((item) => [item.id, item]));
  return {
    pages,
    options: items
      .map(({ id }) => ({ value: id, label: wayTo(id, byId) }))
      .toSorted((a, b) => a.label.localeCompare(b.label)),
  };
}

/** The project's vocabularies as options of a select, live. */
export function useVocabularies(projectId: string): { value: string; label: string }[] {
  const options = trpc.vocabularies.list.infiniteQueryOptions({ projectId, limit: 200 }, byCursor);
  const pages = useWhole(useLiveList('vocabularies', projectId, options, 'first'));
  return (pages.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

const ofTerms = new Set([
  'vocabulary.termAdded',
  'vocabulary.termUpdated',
  'vocabulary.termRemoved',
  'resync',
]);
const ofClasses = new Set([
  'ontology.classAdded',
  'ontology.classUpdated',
  'ontology.classRemoved',
  'resync',
]);

/** All terms of a vocabulary, live. */
export function useTerms(projectId: string, vocabularyId: string) {
  const options = trpc.vocabularies.terms.infiniteQueryOptions(
    { projectId, vocabularyId, limit: 200 },
    byCursor,
  );
  useProjectEvents(projectId, ({ type }) => {
    if (ofTerms.has(type)) void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  return useWhole(usePages(options));
}

/** All classes and properties of an ontology, live. */
export function useClasses(projectId: string, ontologyId: string) {
  const options = trpc.ontologies.classes.infiniteQueryOptions(
    { projectId, ontologyId, limit: 200 },
    byCursor,
  );
  useProjectEvents(projectId, ({ type }) => {
    if (ofClasses.has(type)) void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  return useWhole(usePages(options));
}
