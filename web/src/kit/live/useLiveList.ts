import type { InfiniteData, QueryKey, UseInfiniteQueryOptions } from '@tanstack/react-query';
import type { ListItems, ListName } from 'tessera-client';
import { queryClient } from '../../api.ts';
import { type PageOf, type Pages, usePages } from '../usePages.ts';
import { type PagesData, applyToPages } from './applyToPages.ts';
import { type ProjectEvent, useLiveProject, useProjectEvents } from './useLiveProject.ts';

/**
 * A list of a project, read by pages and kept up to date by the project's events:
 * `useLiveList('members', projectId, trpc.members.list.infiniteQueryOptions({ projectId }, byCursor), 'last')`.
 * It is read only once the project is watched, so nothing falls in between.
 * @param newest where the list's order puts what is new; a list that is narrowed by a filter takes in everything
 *   new all the same: filter what is shown
 */
export function useLiveList<
  N extends ListName,
  P extends PageOf<ListItems[N]>,
  E extends object,
  K extends QueryKey,
  C,
>(
  list: N,
  projectId: string,
  options: UseInfiniteQueryOptions<P, E, InfiniteData<P, C>, K, C>,
  newest: 'first' | 'last',
): Pages<P['items'][number]> {
  const { state } = useLiveProject(projectId);
  const { queryKey } = options;
  useProjectEvents(projectId, (event) => {
    if (event.type === 'resync') return void queryClient.invalidateQueries({ queryKey });
    if (event.type === 'snapshot' || event.type === 'checkpoint') return undefined;
    put(list, queryKey, event, newest);
    // An answer that is on its way may be older than the event: it is applied to that too.
    const query = queryClient.getQueryCache().find({ queryKey });
    if (query?.state.fetchStatus === 'fetching')
      query.promise?.then(() => put(list, queryKey, event, newest)).catch(() => {});
    return undefined;
  });
  return usePages({ ...options, enabled: state !== undefined });
}

function put(list: ListName, key: QueryKey, event: ProjectEvent, newest: 'first' | 'last'): void {
  queryClient.setQueryData<PagesData<ListItems[ListName]>>(
    key,
    (data) => data && applyToPages(list, data, event, newest),
  );
}
