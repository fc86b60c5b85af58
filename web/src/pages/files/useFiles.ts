import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';

export type Manifest = Outputs['repositories']['manifest'];
export type FileEntry = Outputs['repositories']['files']['items'][number];
export type FileMarks = Outputs['threads']['files']['items'][number];

const pageSize = 1_000;

/** All pages of a list, one after the other. */
async function readAll<T>(
  read: (cursor: string | null) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** The latest version of the repository; its error is MANIFEST_MISSING before the first sync. Live. */
export function useManifest(projectId: string) {
  const options = trpc.repositories.manifest.queryOptions({ projectId });
  useProjectEvents(projectId, ({ type }) => {
    if (type === 'manifest.created' || type === 'resync')
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  return useQuery(options);
}

/** All files of a version, in the order of their paths. */
export const useFiles = (projectId: string, version: number | undefined) =>
  useQuery({
    queryKey: ['all files', projectId, version],
    queryFn: () =>
      readAll((cursor) =>
        client.repositories.files.query({
          projectId,
          cursor,
          limit: pageSize,
          ...(version === undefined ? {} : { version }),
        }),
      ),
    enabled: version !== undefined,
    // A version never changes.
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });

/** How many threads stand in each file, by path; live. */
export function useMarks(projectId: string): ReadonlyMap<string, FileMarks> {
  const queryKey = ['thread marks', projectId];
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('thread.') || type === 'resync') renewSoon(queryKey);
  });
  const { data } = useQuery({
    queryKey,
    queryFn: () => readAll((cursor) => client.threads.files.query({ projectId, cursor, limit: pageSize })),
    select: byPath,
  });
  return data ?? none;
}

const none: ReadonlyMap<string, FileMarks> = new Map();
const byPath = (items: FileMarks[]): ReadonlyMap<string, FileMarks> =>
  new Map(items.map((item) => [item.filePath, item]));
