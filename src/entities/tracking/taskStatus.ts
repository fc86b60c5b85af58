import { fail } from '../../errors.ts';

/** How far a task or a milestone is. `BLOCKED` says that somebody stopped it; what it waits for, dependencies say. */
export const taskStatuses = ['NOT_STARTED', 'IN_PROGRESS', 'BLOCKED', 'COMPLETED'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** Work is begun before it is completed, and what was completed is begun again, never unmade. */
const allowed: Record<TaskStatus, readonly TaskStatus[]> = {
  NOT_STARTED: ['IN_PROGRESS', 'BLOCKED'],
  IN_PROGRESS: ['NOT_STARTED', 'BLOCKED', 'COMPLETED'],
  BLOCKED: ['NOT_STARTED', 'IN_PROGRESS'],
  COMPLETED: ['IN_PROGRESS'],
};

/**
 * Staying as it is is always allowed.
 * @throws STATUS_NOT_ALLOWED, which names both and what is allowed.
 */
export function checkTransition(thing: 'task' | 'milestone', from: TaskStatus, to: TaskStatus): void {
  if (from === to || allowed[from].includes(to)) return;
  fail('STATUS_NOT_ALLOWED', { thing, from, to, allowed: allowed[from].join(', ') });
}
