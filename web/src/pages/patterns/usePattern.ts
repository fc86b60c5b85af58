import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { failureOf } from '../../kit/failureOf.ts';
import { type Noun, type Pattern, idOf, trpcOf } from './nouns.ts';

/** One pattern with what it is made of; with `asOf` as it was then. */
export function usePattern(noun: Noun, projectId: string, id: string, asOf?: Date) {
  const { data, ...query } = useQuery({
    ...trpcOf(noun).get.queryOptions({ projectId, ...idOf(noun, id), ...(asOf ? { asOf } : {}) }),
    placeholderData: keepPreviousData,
  });
  // What was kept of another is nothing to show.
  const pattern = data?.id === id ? (data as Pattern) : undefined;
  return { ...query, pattern, error: failureOf({ data: pattern, error: query.error }) };
}
