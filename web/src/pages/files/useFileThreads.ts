import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ThreadsState } from 'tessera-client';
import { trpc } from '../../api.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useLiveThreads } from '../../kit/live/useLiveThreads.ts';
import { byCursor } from '../../kit/usePages.ts';

/** A thread with those of its comments that are known. */
export type ShownThread = ThreadsState['threads'][number];

export interface FileThreads {
  /** In the order of their lines, then of their age; undefined until they have come. */
  threads: readonly ShownThread[] | undefined;
  error: unknown;
}

const byLine = (a: ShownThread, b: ShownThread) =>
  (a.thread.lineEnd ?? 0) - (b.thread.lineEnd ?? 0) ||
  a.thread.createdAt.getTime() - b.thread.createdAt.getTime();

/** All threads that stand in a file, live: the fifty newest as they are watched, older ones read besides. */
export function useFileThreads(projectId: string, filePath: string): FileThreads {
  const { state, error } = useLiveThreads({ projectId, filePath });
  const isMore = state?.hasMoreThreads ?? false;
  const options = trpc.threads.list.infiniteQueryOptions({ projectId, filePath, limit: 200 }, byCursor);
  const query = useInfiniteQuery({ ...options, enabled: isMore });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (isMore && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isMore, hasNextPage, isFetchingNextPage, fetchNextPage]);
  useProjectEvents(projectId, ({ type }) => {
    if (isMore && (type.startsWith('thread.') || type === 'resync')) renewSoon(options.queryKey);
  });
  if (!state) return { threads: undefined, error };
  const known = new Set(state.threads.map(({ thread }) => thread.id));
  const older = (isMore ? (query.data?.pages ?? []) : [])
    .flatMap(({ items }) => items)
    .filter(({ id }) => !known.has(id))
    .map((thread) => ({ thread, comments: [], hasEarlierComments: true }));
  // One that has left the file says so, and stands elsewhere.
  const here = [...state.threads, ...older].filter(({ thread }) => thread.filePath === filePath);
  return { threads: here.toSorted(byLine), error };
}
