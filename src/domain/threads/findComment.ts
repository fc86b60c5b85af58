import type { EntityManager } from '@mikro-orm/postgresql';
import { Comment } from '../../entities/threads/Comment.ts';
import { fail } from '../../errors.ts';
import { lockComment } from './sql/lockComment.ts';

/**
 * A comment of the project, to be changed: nobody else changes it until the transaction is over.
 * @throws NOT_FOUND, also when it or its thread is deleted.
 */
export async function findComment(em: EntityManager, projectId: string, id: string): Promise<Comment> {
  const exists = await lockComment(em, projectId, id);
  const comment = exists ? await em.findOne(Comment, { id }) : null;
  return comment ?? fail('NOT_FOUND', { thing: 'comment' });
}
