import { Button, Center } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { Empty } from './Empty.tsx';
import { FailureNotice } from './FailureNotice.tsx';
import { Loading } from './Loading.tsx';
import type { Pages } from './usePages.ts';

export interface PagedListProps<T> {
  pages: Pages<T>;
  /** What the list holds, as in “Loading the members”. */
  what: string;
  /** What is shown when it holds nothing. */
  empty: ReactNode;
  /** Shows all that has come, such as a table's rows. */
  children: (items: readonly T[]) => ReactNode;
}

/** A list in all its states: on its way, failed, empty, there; further pages come as one scrolls, or by a button. */
export function PagedList<T>({ pages, what, empty, children }: PagedListProps<T>) {
  const { ref, entry } = useIntersection({ rootMargin: '300px' });
  const { items, hasMore, isLoadingMore, loadMore } = pages;
  const isSeen = entry?.isIntersecting ?? false;
  useEffect(() => {
    if (isSeen && hasMore && !isLoadingMore) loadMore();
    // loadMore is made anew each time; what it does is the same.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isSeen, hasMore, isLoadingMore]);
  if (pages.error) return <FailureNotice error={pages.error} onRetry={pages.retry} />;
  if (!items) return <Loading what={what} />;
  if (items.length === 0) return typeof empty === 'string' ? <Empty message={empty} /> : empty;
  return (
    <>
      {children(items)}
      {hasMore && (
        <Center ref={ref}>
          <Button variant="default" loading={isLoadingMore} onClick={loadMore}>
            Show more
          </Button>
        </Center>
      )}
    </>
  );
}
