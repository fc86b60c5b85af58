import type { EntityManager } from '@mikro-orm/postgresql';
import { Task } from '../../entities/tracking/Task.ts';
import { fail } from '../../errors.ts';
import { lockTask } from './sql/lockTask.ts';

/**
 * A task of the project, to be changed: nobody else changes it until the transaction is over.
 * @param options.isDeletedFound finds it even when it is deleted, to restore it.
 * @throws NOT_FOUND
 */
export async function findTask(
  em: EntityManager,
  projectId: string,
  id: string,
  { isDeletedFound = false } = {},
): Promise<Task> {
  const exists = await lockTask(em, projectId, id);
  const task = exists ? await em.findOne(Task, { id }, { filters: { notDeleted: !isDeletedFound } }) : null;
  return task ?? fail('NOT_FOUND', { thing: 'task' });
}
