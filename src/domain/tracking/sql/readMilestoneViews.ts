import type { EntityManager } from '@mikro-orm/postgresql';
import { reviveMoments } from '../../../events/reviveMoments.ts';
import { milestoneColumns } from '../../../views/sql/milestoneColumns.ts';
import type { MilestoneView } from '../../../views/tracking.ts';

/** As JSON, because the ORM's connection leaves moments as text. */
const sql = `
select to_jsonb(v) as view from (
  select ${milestoneColumns} from milestones m where m.id = any(?::uuid[]) and m.deleted_at is null
) v order by v.id`;

/** Milestones as this transaction sees them now, without deleted ones. */
export async function readMilestoneViews(
  em: EntityManager,
  ids: readonly string[],
): Promise<MilestoneView[]> {
  const rows: { view: MilestoneView }[] = await em.execute(sql, [`{${ids.join(',')}}`]);
  return rows.map((row) => reviveMoments(row.view));
}
