import { useQuery } from '@tanstack/react-query';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';

/** The labels that the project's issues have, with how many have each; live. */
export function useLabels(projectId: string): Outputs['issues']['labels']['items'] {
  const options = trpc.issues.labels.queryOptions({ projectId });
  const { data } = useQuery(options);
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('issue.') || type === 'resync') renewSoon(options.queryKey);
  });
  return data?.items ?? [];
}
