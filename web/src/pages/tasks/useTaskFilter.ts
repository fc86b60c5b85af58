import { useSearchState } from '../../kit/useSearchState.ts';
import type { Task } from './statuses.tsx';

/** Which tasks are shown, and how; kept in the address. */
export interface TaskFilter {
  view: 'board' | 'list';
  /** An id, `none` for tasks outside any milestone, undefined for all. */
  milestone: string | undefined;
  assignee: string | undefined;
}

export function useTaskFilter(): [TaskFilter, (changes: Record<string, string | undefined>) => void] {
  const [{ view, milestone, assignee }, change] = useSearchState();
  return [{ view: view === 'list' ? 'list' : 'board', milestone, assignee }, change];
}

/** As `tasks.list` takes it. */
export const inputOf = ({ milestone, assignee }: TaskFilter) => ({
  ...(milestone === undefined ? {} : { milestoneId: milestone === 'none' ? null : milestone }),
  ...(assignee === undefined ? {} : { assigneeId: assignee }),
});

/** Whether a task is among them: what changes is told to every list. */
export const isAmong = (task: Task, { milestone, assignee }: TaskFilter) =>
  (milestone === undefined || (task.milestoneId ?? 'none') === milestone) &&
  (assignee === undefined || task.assignee?.id === assignee);
