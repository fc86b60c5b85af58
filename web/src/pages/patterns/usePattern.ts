import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Noun, type Pattern, idOf, trpcOf } from './nouns.ts';

/** One pattern with what it is made of; with `asOf` as it was then. */
export function usePattern(noun: Noun, projectId: string, id: string, asOf?: Date) {
  const { data, ...query } = useQuery({
    ...trpcOf(noun).get.queryOptions({ projectId, ...idOf(noun, id), ...(asOf ? { asOf } : {}) }),
    placeholderData: keepPreviousData,
  });
  // What was kept of another is nothing to show.
  return { ...query, pattern: data?.id === id ? (data as Pattern) : undefined };
}
