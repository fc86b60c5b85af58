import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import type { Task } from './statuses.tsx';

export type TaskRef = Outputs['tasks']['dependencies']['items'][number]['dependsOn'];

/** Ids that one call takes. */
const most = 200;

function cut(ids: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += most) parts.push(ids.slice(at, at + most));
  return parts;
}

/** What each of these tasks waits for: those that are not completed. */
export function useWaits(projectId: string, tasks: readonly Task[]): (taskId: string) => readonly TaskRef[] {
  const ids = tasks.filter(({ isBlocked }) => isBlocked).map(({ id }) => id);
  const answers = useQueries({
    queries: cut(ids.toSorted()).map((taskIds) =>
      Object.assign(trpc.tasks.dependencies.queryOptions({ projectId, taskIds }), {
        placeholderData: keepPreviousData,
      }),
    ),
  });
  const waits = new Map<string, TaskRef[]>();
  for (const { data } of answers)
    for (const { taskId, dependsOn } of data?.items ?? []) {
      if (dependsOn.status === 'COMPLETED') continue;
      waits.set(taskId, [...(waits.get(taskId) ?? []), dependsOn]);
    }
  return (taskId) => waits.get(taskId) ?? [];
}

/** The tasks that decide when all is done: of the project or of a milestone. */
export const useCriticalPath = (projectId: string, milestoneId: string | undefined) =>
  useQuery({
    ...trpc.tasks.criticalPath.queryOptions({
      projectId,
      ...(milestoneId === undefined || milestoneId === 'none' ? {} : { milestoneId }),
    }),
    placeholderData: keepPreviousData,
  });
