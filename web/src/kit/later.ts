import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

const load = new Set<() => Promise<unknown>>();

/** Runs work when the page has come to rest. */
function whenIdle(work: () => void): void {
  // Safari has none.
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, 1_000);
}

/**
 * A component that the first load does without: its script is fetched when the page has come to rest, so that it is
 * there when it is wanted, without a network too. Put it into `<Suspense>`:
 * `const Discussion = later(() => import('../../threads/Discussion.tsx'), 'Discussion')`.
 */
export function later<K extends string, P>(
  fetchModule: () => Promise<{ [Name in K]: ComponentType<P> }>,
  name: K,
): LazyExoticComponent<ComponentType<P>> {
  const fetchPart = async (): Promise<{ default: ComponentType<P> }> => ({
    default: (await fetchModule())[name],
  });
  load.add(fetchPart);
  if (load.size === 1) whenIdle(fetchAll);
  return lazy(fetchPart);
}

function fetchAll(): void {
  for (const fetchPart of load) fetchPart().catch(() => {});
  load.clear();
}
