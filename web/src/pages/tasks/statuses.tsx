import {
  IconArrowDown,
  IconArrowUp,
  IconCheck,
  IconCircle,
  IconHandStop,
  IconPlayerPlay,
} from '@tabler/icons-react';
import type { Outputs } from 'tessera-client';
import { Sign } from '../../kit/Sign.tsx';

export type Task = Outputs['tasks']['list']['items'][number];
export type Status = Task['status'];
export type Priority = Task['priority'];
export type Milestone = Outputs['milestones']['list']['items'][number];

/** Each has a word and a sign of its own: colour only adds to them. */
export const statuses = {
  NOT_STARTED: { word: 'To do', color: 'gray', Icon: IconCircle },
  IN_PROGRESS: { word: 'In progress', color: 'blue', Icon: IconPlayerPlay },
  BLOCKED: { word: 'Blocked', color: 'orange', Icon: IconHandStop },
  COMPLETED: { word: 'Completed', color: 'green', Icon: IconCheck },
} satisfies Record<Status, object>;

/** In the order of the board's columns. */
export const statusNames: readonly Status[] = ['NOT_STARTED', 'IN_PROGRESS', 'BLOCKED', 'COMPLETED'];

/** As the server has it: what is begun is completed, and what was completed is begun again. */
const allowed: Record<Status, readonly Status[]> = {
  NOT_STARTED: ['IN_PROGRESS', 'BLOCKED'],
  IN_PROGRESS: ['NOT_STARTED', 'BLOCKED', 'COMPLETED'],
  BLOCKED: ['NOT_STARTED', 'IN_PROGRESS'],
  COMPLETED: ['IN_PROGRESS'],
};

/** Why something cannot go from one status to another; undefined if it can. Staying is always possible. */
export function whyNot(from: Status, to: Status): string | undefined {
  if (from === to || allowed[from].includes(to)) return undefined;
  if (from === 'COMPLETED') return 'What is completed can only be taken up again.';
  return 'It has to be in progress before it is completed.';
}

export const StatusBadge = ({ status }: { status: Status }) => <Sign {...statuses[status]} />;

export const priorities = [
  { value: 'HIGH', label: 'High' },
  { value: 'MEDIUM', label: 'Medium' },
  { value: 'LOW', label: 'Low' },
] as const satisfies { value: Priority; label: string }[];

export const nameOfPriority = (priority: Priority) =>
  priorities.find(({ value }) => value === priority)?.label ?? priority;

/** A priority that is out of the ordinary; nothing for the usual one. */
export function PriorityBadge({ priority }: { priority: Priority }) {
  if (priority === 'MEDIUM') return null;
  const isHigh = priority === 'HIGH';
  return (
    <Sign
      word={isHigh ? 'High priority' : 'Low priority'}
      color={isHigh ? 'red' : 'gray'}
      Icon={isHigh ? IconArrowUp : IconArrowDown}
    />
  );
}

const rank: Record<Priority, number> = { HIGH: 0, MEDIUM: 1, LOW: 2 };

/** What to do first: the important, then what is due soonest, then the oldest. */
export const byUrgency = (a: Task, b: Task): number =>
  rank[a.priority] - rank[b.priority] ||
  (a.dueAt?.getTime() ?? Infinity) - (b.dueAt?.getTime() ?? Infinity) ||
  a.createdAt.getTime() - b.createdAt.getTime();

/** Addresses of these pages. */
export const tasksPath = (projectId: string) => `/projects/${projectId}/tasks`;
export const taskPath = (projectId: string, taskId: string) => `${tasksPath(projectId)}/${taskId}`;
export const milestonesPath = (projectId: string) => `${tasksPath(projectId)}/milestones`;
export const milestonePath = (projectId: string, milestoneId: string) =>
  `${milestonesPath(projectId)}/${milestoneId}`;
