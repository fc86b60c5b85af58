import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from '../../../api.ts';
import type { Change } from './rules.ts';

/** What changes would do; asked again whenever they change. Nothing is written by it. */
export const useProposal = (changes: readonly Change[], baseEpoch: number | null) =>
  useQuery({
    queryKey: ['policies.propose', baseEpoch, changes],
    queryFn: () => client.policies.propose.mutate({ changes: [...changes], baseEpoch: baseEpoch ?? 0 }),
    enabled: changes.length > 0 && baseEpoch !== null,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: 0,
  });
