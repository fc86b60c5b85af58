import type { EntityManager } from '@mikro-orm/postgresql';
import type { Milestone } from '../../entities/tracking/Milestone.ts';
import { emit } from '../../events/emit.ts';
import { viewMilestone } from '../../views/tracking.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import type { NewMilestone } from './createMilestone.ts';
import { findMilestone } from './findMilestone.ts';

export interface MilestoneUpdate {
  projectId: string;
  milestoneId: string;
  changes: Partial<Omit<NewMilestone, 'id' | 'projectId'>>;
  /** The version that the editor saw; left out: the last write wins. */
  version?: number | undefined;
}

/**
 * Changes what is given, leaves the rest; nothing is said when nothing differs.
 * @throws NOT_FOUND, VERSION_CLASH, STATUS_NOT_ALLOWED, BAD_INPUT when it would end before it starts.
 */
export async function updateMilestone(em: EntityManager, update: MilestoneUpdate): Promise<Milestone> {
  const milestone = await findMilestone(em, update.projectId, update.milestoneId);
  await checkVersion({ thing: 'milestone', sent: update.version, stored: milestone.rowVersion }, () =>
    viewMilestone(milestone),
  );
  const changes = pickChanges(milestone, update.changes);
  if (Object.keys(changes).length === 0) return milestone;
  const { status, startAt, endAt, ...columns } = changes;
  if (status) milestone.moveTo(status);
  if (startAt || endAt) milestone.schedule(startAt ?? milestone.startAt, endAt ?? milestone.endAt);
  em.assign(milestone, columns);
  emit(em, `project:${update.projectId}`, 'milestone.updated', () => viewMilestone(milestone));
  return milestone;
}
