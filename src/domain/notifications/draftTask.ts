import type { LogEvent } from '../../events/watch.ts';
import type { TaskView } from '../../views/tracking.ts';
import { type Notice, type Surroundings, nameOf } from './Notice.ts';
import { excerpt } from './excerpt.ts';

/** Types of event about tasks that their assignee is told of. */
export const noticedTaskTypes = ['task.created', 'task.assigned', 'task.unblocked', 'task.due'] as const;

type TaskEvent = LogEvent<(typeof noticedTaskTypes)[number]>;

/** As `2026-11-21 14:30 UTC`. */
const moment = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function describe(
  type: TaskEvent['type'],
  task: TaskView,
  by: string,
): Pick<Notice, 'type' | 'title' | 'message'> {
  const due = task.dueAt ? `It is due on ${moment(task.dueAt)}.` : excerpt(task.description) || task.title;
  if (type === 'task.due') return { type, title: `“${task.title}” is due`, message: due };
  if (type === 'task.unblocked')
    return {
      type,
      title: `“${task.title}” is no longer blocked`,
      message: 'Nothing that it waited for is left.',
    };
  return { type: 'task.assigned', title: `${by} assigned “${task.title}” to you`, message: due };
}

/** What the assignee of a task is to be told, unless they did it themselves. */
export function draftTask({ type, payload: task, actorId }: TaskEvent, { names }: Surroundings): Notice[] {
  const { assignee } = task;
  if (!assignee || assignee.id === actorId) return [];
  return [
    {
      ...describe(type, task, nameOf(names, actorId)),
      userId: assignee.id,
      subject: `task:${task.id}`,
      payload: { taskId: task.id, milestoneId: task.milestoneId, status: task.status, actorId },
      permission: 'tasks.get',
    },
  ];
}
