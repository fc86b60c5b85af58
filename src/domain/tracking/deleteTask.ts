import type { EntityManager } from '@mikro-orm/postgresql';
import type { Task } from '../../entities/tracking/Task.ts';
import { emit } from '../../events/emit.ts';
import type { TaskView } from '../../views/tracking.ts';
import { describeTask } from './describeTask.ts';
import { findTask } from './findTask.ts';
import { followBlocking } from './followBlocking.ts';
import { followProgress } from './followProgress.ts';
import { lockDependencies } from './sql/lockDependencies.ts';

interface TaskKey {
  projectId: string;
  taskId: string;
}

async function change(
  em: EntityManager,
  task: Task,
  type: 'task.deleted' | 'task.restored',
): Promise<() => TaskView> {
  const { projectId } = task;
  await followBlocking(em, projectId, { dependentsOf: task.id });
  await followProgress(em, projectId, { from: task.milestoneId });
  task.deletedAt = type === 'task.deleted' ? new Date() : null;
  const view = await describeTask(em, task);
  emit(em, `project:${projectId}`, type, view);
  return view;
}

/** Deletes softly: nothing waits for it any more, and its milestone does not count it. @throws NOT_FOUND */
export async function deleteTask(em: EntityManager, { projectId, taskId }: TaskKey): Promise<() => TaskView> {
  await lockDependencies(em, projectId);
  return change(em, await findTask(em, projectId, taskId), 'task.deleted');
}

/** Takes a deleted task back, with its dependencies; one that was not deleted stays as it is. @throws NOT_FOUND */
export async function restoreTask(
  em: EntityManager,
  { projectId, taskId }: TaskKey,
): Promise<() => TaskView> {
  await lockDependencies(em, projectId);
  const task = await findTask(em, projectId, taskId, { isDeletedFound: true });
  return task.deletedAt ? change(em, task, 'task.restored') : describeTask(em, task);
}
