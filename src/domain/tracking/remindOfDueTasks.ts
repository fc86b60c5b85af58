import type { EntityManager } from '@mikro-orm/postgresql';
import { emit } from '../../events/emit.ts';
import { claimDueTasks } from './sql/claimDueTasks.ts';
import { readTaskViews } from './sql/readTaskViews.ts';

/** How long before its due date a task is announced; after it, also what was missed for as long as `days`. */
const window = { hours: 24, days: 7 };
const batchSize = 200;

/**
 * Says of tasks with an assignee that they are due within a day, once for each due date that a task has.
 * @returns whether there may be more.
 */
export async function remindOfDueTasks(em: EntityManager): Promise<boolean> {
  const ids = await claimDueTasks(em, { ...window, limit: batchSize });
  for (const task of await readTaskViews(em, ids))
    emit(em, `project:${task.projectId}`, 'task.due', () => task);
  return ids.length === batchSize;
}
