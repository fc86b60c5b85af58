import { trpc } from '../../api.ts';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { type Pages, byCursor } from '../../kit/usePages.ts';
import { type Status, type Task, statusNames } from './statuses.tsx';
import { type TaskFilter, inputOf } from './useTaskFilter.ts';

const pageSize = 100;

const useColumn = (projectId: string, filter: TaskFilter, status: Status): Pages<Task> =>
  useLiveList(
    'tasks',
    projectId,
    trpc.tasks.list.infiniteQueryOptions(
      { projectId, ...inputOf(filter), status, limit: pageSize },
      byCursor,
    ),
    'first',
  );

export interface Board {
  /** All tasks that have come, each once; undefined until every column has. */
  tasks: readonly Task[] | undefined;
  columns: Record<Status, Pages<Task>>;
  error: unknown;
  retry: () => void;
}

/**
 * The tasks of a board, each column read by itself, so that a thousand completed ones do not hide what is to do. Every
 * column is told of every change, so a task may be in several: the newest version counts.
 */
export function useBoard(projectId: string, filter: TaskFilter): Board {
  const columns: Record<Status, Pages<Task>> = {
    NOT_STARTED: useColumn(projectId, filter, 'NOT_STARTED'),
    IN_PROGRESS: useColumn(projectId, filter, 'IN_PROGRESS'),
    BLOCKED: useColumn(projectId, filter, 'BLOCKED'),
    COMPLETED: useColumn(projectId, filter, 'COMPLETED'),
  };
  const all = statusNames.map((name) => columns[name]);
  const byId = new Map<string, Task>();
  for (const { items } of all)
    for (const task of items ?? []) {
      const known = byId.get(task.id);
      if (!known || known.version < task.version) byId.set(task.id, task);
    }
  return {
    tasks: all.every(({ items }) => items !== undefined) ? [...byId.values()] : undefined,
    columns,
    error: all.find(({ error }) => error)?.error,
    retry: () => {
      for (const { error, retry } of all) if (error) retry();
    },
  };
}
