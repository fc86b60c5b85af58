import type { EntityManager } from '@mikro-orm/postgresql';
import type { Edge } from '../findPath.ts';

/**
 * Everything that can be reached is walked once however many ways lead there, which a recursion that keeps
 * its path cannot. Deleted tasks count: they may be restored.
 */
const sql = `
with recursive reached (id) as (
  select ?::uuid
  union
  select d.depends_on from reached r join task_dependencies d on d.task_id = r.id
)
select d.task_id as "from", d.depends_on as "to"
from reached r join task_dependencies d on d.task_id = r.id
where exists (select from reached where id = ?::uuid)
order by d.created_at, d.id`;

/** Dependencies that lead on from `dependsOn`, if `taskId` is among what they reach; else none. */
export async function findCycleEdges(
  em: EntityManager,
  { taskId, dependsOn }: { taskId: string; dependsOn: string },
): Promise<Edge[]> {
  return em.execute(sql, [dependsOn, taskId]);
}
