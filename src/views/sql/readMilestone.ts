import type pg from 'pg';
import type { MilestoneView } from '../tracking.ts';
import { milestoneColumns } from './milestoneColumns.ts';

const text = `select ${milestoneColumns} from milestones m where m.id = $1 and m.project_id = $2 and m.deleted_at is null`;

/** One milestone; undefined when the project has none of this id. */
export async function readMilestone(
  reads: pg.Pool,
  of: { projectId: string; milestoneId: string },
): Promise<MilestoneView | undefined> {
  const values = [of.milestoneId, of.projectId];
  return (await reads.query<MilestoneView>({ name: 'read milestone', text, values })).rows[0];
}
