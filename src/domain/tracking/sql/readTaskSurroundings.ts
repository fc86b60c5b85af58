import type { EntityManager } from '@mikro-orm/postgresql';
import { actorJson } from '../../../views/sql/actorJson.ts';
import { isBlocked } from '../../../views/sql/taskColumns.ts';
import type { TaskSurroundings } from '../../../views/tracking.ts';

const sql = `
select ${actorJson('a')} as assignee, ${isBlocked} as "isBlocked"
from (select ?::uuid as id) t left join actors a on a.id = ?::uuid`;

/** What a task's view says besides its row, which need not be written yet. */
export async function readTaskSurroundings(
  em: EntityManager,
  task: { id: string; assigneeId?: string | null },
): Promise<TaskSurroundings> {
  const rows: TaskSurroundings[] = await em.execute(sql, [task.id, task.assigneeId ?? null]);
  return rows[0] ?? { assignee: null, isBlocked: false };
}
