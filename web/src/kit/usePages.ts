import {
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryOptions,
  useInfiniteQuery,
} from '@tanstack/react-query';

/** What every list of the server answers. */
export interface PageOf<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** Given as the second argument of `infiniteQueryOptions`: how one page leads to the next. */
export const byCursor = {
  getNextPageParam: (last: { nextCursor: string | null }) => last.nextCursor,
  initialCursor: null,
};

export interface Pages<T> {
  /** The items of all pages so far; undefined until the first has come. */
  items: readonly T[] | undefined;
  error: unknown;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/**
 * A list that grows by pages: `usePages(trpc.projects.list.infiniteQueryOptions({}, byCursor))`. Show it with
 * `<PagedList pages={…}>`.
 */
export function usePages<P extends PageOf<unknown>, E extends object, K extends QueryKey, C>(
  options: UseInfiniteQueryOptions<P, E, InfiniteData<P, C>, K, C>,
): Pages<P['items'][number]> {
  const query = useInfiniteQuery(options);
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.data ? undefined : query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
