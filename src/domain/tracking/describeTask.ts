import type { EntityManager } from '@mikro-orm/postgresql';
import type { Task } from '../../entities/tracking/Task.ts';
import { type TaskView, viewTask } from '../../views/tracking.ts';
import { readTaskSurroundings } from './sql/readTaskSurroundings.ts';

/** Reads what a task's view says besides its row. @returns what shows the task once it is flushed. */
export async function describeTask(em: EntityManager, task: Task): Promise<() => TaskView> {
  const surroundings = await readTaskSurroundings(em, task);
  return () => viewTask(task, surroundings);
}
