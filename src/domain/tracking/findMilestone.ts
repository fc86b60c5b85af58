import type { EntityManager } from '@mikro-orm/postgresql';
import { Milestone } from '../../entities/tracking/Milestone.ts';
import { fail } from '../../errors.ts';
import { lockMilestones } from './sql/lockMilestones.ts';

/**
 * A milestone of the project, to be changed: nobody else changes it, or what it is rolled up from, until the
 * transaction is over.
 * @param options.isDeletedFound finds it even when it is deleted, to restore it.
 * @throws NOT_FOUND
 */
export async function findMilestone(
  em: EntityManager,
  projectId: string,
  id: string,
  { isDeletedFound = false } = {},
): Promise<Milestone> {
  const [held] = await lockMilestones(em, projectId, [id]);
  const milestone = held
    ? await em.findOne(Milestone, { id }, { filters: { notDeleted: !isDeletedFound } })
    : null;
  return milestone ?? fail('NOT_FOUND', { thing: 'milestone' });
}
