import type { EntityManager } from '@mikro-orm/postgresql';
import type { Milestone } from '../../entities/tracking/Milestone.ts';
import { emit } from '../../events/emit.ts';
import { viewMilestone } from '../../views/tracking.ts';
import { findMilestone } from './findMilestone.ts';

interface MilestoneKey {
  projectId: string;
  milestoneId: string;
}

/** Deletes softly. Its tasks stay, and stay its own, so that all is as it was when it is restored. @throws NOT_FOUND */
export async function deleteMilestone(
  em: EntityManager,
  { projectId, milestoneId }: MilestoneKey,
): Promise<Milestone> {
  const milestone = await findMilestone(em, projectId, milestoneId);
  milestone.deletedAt = new Date();
  emit(em, `project:${projectId}`, 'milestone.deleted', () => viewMilestone(milestone));
  return milestone;
}

/** Takes a deleted milestone back; one that was not deleted stays as it is. @throws NOT_FOUND */
export async function restoreMilestone(
  em: EntityManager,
  { projectId, milestoneId }: MilestoneKey,
): Promise<Milestone> {
  const milestone = await findMilestone(em, projectId, milestoneId, { isDeletedFound: true });
  if (!milestone.deletedAt) return milestone;
  milestone.deletedAt = null;
  emit(em, `project:${projectId}`, 'milestone.restored', () => viewMilestone(milestone));
  return milestone;
}
