import { type ListItems, type ListName, type Watched, applyToList } from 'tessera-client';
import type { PageOf } from '../usePages.ts';

/** Pages of a list as they are kept in the query's cache. */
export interface PagesData<T> {
  pages: PageOf<T>[];
  pageParams: unknown[];
}

const withItems = <T>({ nextCursor }: PageOf<T>, items: readonly T[]): PageOf<T> => ({ items, nextCursor });

/**
 * The pages of a list after an event of the project. What is new stands where the list's order has it: newest first
 * on the first page, else on the last, when that has come.
 */
export function applyToPages<N extends ListName>(
  list: N,
  data: PagesData<ListItems[N]>,
  event: Watched<'projects'>,
  newest: 'first' | 'last',
): PagesData<ListItems[N]> {
  let added: ListItems[N] | undefined;
  let isElsewhere = false;
  const pages = data.pages.map((page) => {
    const items = applyToList(list, page.items, event);
    if (items === page.items) return page;
    if (items.length <= page.items.length) {
      isElsewhere ||= items.some((item, index) => item !== page.items[index]);
      return withItems(page, items);
    }
    // It is not on this page; it may be on another.
    added = items.at(-1);
    return page;
  });
  if (added === undefined || isElsewhere) return { ...data, pages };
  const item = added;
  return {
    ...data,
    pages: pages.map((page, index) => {
      if (newest === 'first' && index === 0) return withItems(page, [item, ...page.items]);
      const isEnd = newest === 'last' && index === pages.length - 1 && page.nextCursor === null;
      return isEnd ? withItems(page, [...page.items, item]) : page;
    }),
  };
}
