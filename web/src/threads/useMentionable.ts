import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { trpc } from '../api.ts';
import type { ActorRef } from '../kit/Person.tsx';
import { useRights } from '../kit/useRight.ts';

const most = 8;

/** People whose name or username begins so; undefined asks for nobody. Guests find anybody, from two letters on. */
export function useMentionable(projectId: string, typed: string | undefined): readonly ActorRef[] {
  const { isKnown, may } = useRights(projectId);
  const [text] = useDebouncedValue(typed, 80);
  const isMember = may('members.search');
  const ofProject = useQuery({
    ...trpc.members.search.queryOptions({ projectId, text: text ?? '', limit: most }),
    enabled: isMember && text !== undefined,
    placeholderData: keepPreviousData,
  });
  const ofAll = useQuery({
    ...trpc.actors.search.queryOptions({ text: text ?? '', limit: most }),
    enabled: isKnown && !isMember && (text?.length ?? 0) >= 2,
    placeholderData: keepPreviousData,
  });
  if (typed === undefined) return [];
  return (isMember ? ofProject.data?.items : ofAll.data?.items) ?? [];
}
