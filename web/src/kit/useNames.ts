import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { trpc } from '../api.ts';

/** The most ids that are asked for at once. */
const most = 200;

/** Names for ids of people and organizations, all in one call; a name is undefined until it has come. */
export function useNames(ids: readonly (string | null)[]): (id: string | null) => string | undefined {
  const actorIds = [...new Set(ids)]
    .filter((id) => id !== null)
    .toSorted()
    .slice(0, most);
  const { data } = useQuery({
    ...trpc.actors.named.queryOptions({ actorIds }),
    enabled: actorIds.length > 0,
    placeholderData: keepPreviousData,
  });
  return (id) => data?.items.find((actor) => actor.id === id)?.name;
}
