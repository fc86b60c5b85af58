import { queryClient } from '../../api.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { findNoun, nouns, trpcOf } from './nouns.ts';

/** An import tells of thousands at once: what is shown is read again once for all of them. */
const gatherMs = 250;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Everything that is shown of patterns but the lists, which take in events themselves: names stand in many places. */
export function renewPatterns(): void {
  for (const noun of nouns) {
    const { get, history, whereUsed } = trpcOf(noun);
    for (const one of [get, history, whereUsed])
      void queryClient.invalidateQueries({ queryKey: one.pathKey() });
  }
  for (const name of ['terms', 'classes'])
    void queryClient.invalidateQueries({
      predicate: ({ queryKey }) => Array.isArray(queryKey[0]) && queryKey[0][1] === name,
    });
}

/** Keeps what is shown of the project's patterns as it is now. */
export function usePatternNews(projectId: string): void {
  useProjectEvents(projectId, ({ type }) => {
    if (type !== 'resync' && !findNoun(type.split('.')[0] ?? '')) return;
    clearTimeout(timer);
    timer = setTimeout(renewPatterns, gatherMs);
  });
}
