import type { EntityManager } from '@mikro-orm/postgresql';
import { Issue } from '../../entities/social/Issue.ts';
import { fail } from '../../errors.ts';
import { lockIssue } from './sql/lockIssue.ts';

/**
 * An issue of the project, to be changed: nobody else changes it until the transaction is over.
 * @param options.isDeletedFound finds it even when it is deleted, to restore it.
 * @throws NOT_FOUND
 */
export async function findIssue(
  em: EntityManager,
  projectId: string,
  id: string,
  { isDeletedFound = false } = {},
): Promise<Issue> {
  const exists = await lockIssue(em, projectId, id);
  const issue = exists ? await em.findOne(Issue, { id }, { filters: { notDeleted: !isDeletedFound } }) : null;
  return issue ?? fail('NOT_FOUND', { thing: 'issue' });
}
