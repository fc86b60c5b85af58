import type { EntityManager } from '@mikro-orm/postgresql';
import { emit } from '../../events/emit.ts';
import type { TaskView } from '../../views/tracking.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import type { NewTask } from './createTask.ts';
import { describeTask } from './describeTask.ts';
import { findTask } from './findTask.ts';
import { followBlocking } from './followBlocking.ts';
import { followProgress } from './followProgress.ts';
import { lockDependencies } from './sql/lockDependencies.ts';

export type TaskChanges = Partial<Omit<NewTask, 'id' | 'projectId'>>;

export interface TaskUpdate {
  projectId: string;
  taskId: string;
  changes: TaskChanges;
  /** The version that the editor saw; left out: the last write wins. */
  version?: number | undefined;
  /** Called when the task gets another assignee; throws to refuse. */
  checkAssignee: () => void;
}

/**
 * Changes what is given, leaves the rest; nothing is said when nothing differs.
 * @returns what shows the task once it is flushed.
 * @throws NOT_FOUND (task, milestone), VERSION_CLASH, STATUS_NOT_ALLOWED.
 */
export async function updateTask(em: EntityManager, update: TaskUpdate): Promise<() => TaskView> {
  const { projectId, taskId } = update;
  if (update.changes.status) await lockDependencies(em, projectId);
  const task = await findTask(em, projectId, taskId);
  await checkVersion({ thing: 'task', sent: update.version, stored: task.rowVersion }, async () =>
    (await describeTask(em, task))(),
  );
  const changes = pickChanges(task, update.changes);
  if (Object.keys(changes).length === 0) return describeTask(em, task);
  const { status, ...columns } = changes;
  if (columns.assigneeId) update.checkAssignee();
  const isDone = task.status === 'COMPLETED';
  if (status) {
    const from = task.status;
    task.moveTo(status);
    if ((from === 'COMPLETED') !== (status === 'COMPLETED'))
      await followBlocking(em, projectId, { dependentsOf: taskId });
  }
  if (columns.milestoneId !== undefined || isDone !== (task.status === 'COMPLETED'))
    await followProgress(em, projectId, { from: task.milestoneId, to: columns.milestoneId });
  em.assign(task, columns);
  const view = await describeTask(em, task);
  emit(em, `project:${projectId}`, 'task.updated', view);
  if (columns.assigneeId) emit(em, `project:${projectId}`, 'task.assigned', view);
  return view;
}
