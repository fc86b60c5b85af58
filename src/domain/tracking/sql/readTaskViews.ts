import type { EntityManager } from '@mikro-orm/postgresql';
import { reviveMoments } from '../../../events/reviveMoments.ts';
import { taskColumns } from '../../../views/sql/taskColumns.ts';
import type { TaskView } from '../../../views/tracking.ts';

/** As JSON, because the ORM's connection leaves moments as text. */
const sql = `
select to_jsonb(v) as view from (
  select ${taskColumns} from tasks t left join actors a on a.id = t.assignee_id
  where t.id = any(?::uuid[]) and t.deleted_at is null
) v order by v."createdAt", v.id`;

/** Tasks as this transaction sees them now, oldest first, without deleted ones. */
export async function readTaskViews(em: EntityManager, ids: readonly string[]): Promise<TaskView[]> {
  if (ids.length === 0) return [];
  const rows: { view: TaskView }[] = await em.execute(sql, [`{${ids.join(',')}}`]);
  return rows.map((row) => reviveMoments(row.view));
}
