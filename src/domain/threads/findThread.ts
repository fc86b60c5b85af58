import type { EntityManager } from '@mikro-orm/postgresql';
import { CommentThread } from '../../entities/threads/CommentThread.ts';
import { fail } from '../../errors.ts';
import { lockThread } from './sql/lockThread.ts';

/**
 * A thread of the project, to be changed: nobody else changes it until the transaction is over.
 * @param options.isDeletedFound finds it even when it is deleted, to restore it.
 * @throws NOT_FOUND
 */
export async function findThread(
  em: EntityManager,
  projectId: string,
  id: string,
  { isDeletedFound = false } = {},
): Promise<CommentThread> {
  const exists = await lockThread(em, projectId, id);
  const thread = exists
    ? await em.findOne(CommentThread, { id }, { filters: { notDeleted: !isDeletedFound } })
    : null;
  return thread ?? fail('NOT_FOUND', { thing: 'thread' });
}
