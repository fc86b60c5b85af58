import type { Inputs } from 'tessera-client';
import { formatDay } from '../../kit/Time.tsx';
import { fromDay, toDay } from '../../kit/days.ts';
import type { ActorRef } from '../../kit/Person.tsx';
import { type Milestone, type Priority, type Task, nameOfPriority } from './statuses.tsx';

/** What the form of a task holds, under the names that the server gives to what is wrong. */
export type TaskValues = {
  title: string;
  description: string;
  priority: Priority;
  assigneeId: ActorRef | null;
  dueAt: string;
  milestoneId: string | null;
};

export const valuesOf = (task: Task): TaskValues => ({
  title: task.title,
  description: task.description,
  priority: task.priority,
  assigneeId: task.assignee,
  dueAt: toDay(task.dueAt),
  milestoneId: task.milestoneId,
});

/** As the server takes it: only what is given. */
export function toInput({ assigneeId, dueAt, ...rest }: Partial<TaskValues>) {
  const input: Omit<Partial<Inputs['tasks']['update']>, 'projectId' | 'taskId'> = { ...rest };
  if (assigneeId !== undefined) input.assigneeId = assigneeId?.id ?? null;
  if (dueAt !== undefined) input.dueAt = fromDay(dueAt);
  return input;
}

/** What each field is called, and how its value is told. */
export const taskFields = (milestones: readonly Milestone[]) => ({
  title: { label: 'Title', show: (title: string) => `“${title}”` },
  description: { label: 'Description', show: (text: string) => (text === '' ? 'empty' : `“${text}”`) },
  priority: { label: 'Priority', show: nameOfPriority },
  assigneeId: { label: 'Assignee', show: (actor: ActorRef | null) => actor?.name ?? 'nobody' },
  dueAt: { label: 'Due date', show: (day: string) => formatDay(fromDay(day)) ?? 'none' },
  milestoneId: {
    label: 'Milestone',
    show: (id: string | null) => milestones.find((milestone) => milestone.id === id)?.title ?? 'none',
  },
});
