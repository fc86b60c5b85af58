import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeCommit } from '../../database/transaction.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import { lockMilestones } from './sql/lockMilestones.ts';
import { readMilestoneViews } from './sql/readMilestoneViews.ts';

/**
 * To be called before tasks of these milestones change: holds them, and once the change is written says of
 * which the database rolled up another progress.
 * @param of.to the milestone that a task comes into.
 * @throws NOT_FOUND when the project has no milestone `to`.
 */
export async function followProgress(
  em: EntityManager,
  projectId: string,
  of: { from?: string | null | undefined; to?: string | null | undefined },
): Promise<void> {
  const ids = [...new Set([of.from, of.to])].filter((id) => typeof id === 'string');
  const held = new Map((await lockMilestones(em, projectId, ids)).map((row) => [row.id, row]));
  if (of.to && held.get(of.to)?.isDeleted !== false) fail('NOT_FOUND', { thing: 'milestone' });
  if (held.size === 0) return;
  beforeCommit(em, async () => {
    for (const milestone of await readMilestoneViews(em, [...held.keys()])) {
      if (milestone.progress !== held.get(milestone.id)?.progress)
        emit(em, `project:${projectId}`, 'milestone.progressed', () => milestone);
    }
  });
}
