import type { EntityManager } from '@mikro-orm/postgresql';
import { isBlocked } from '../../../views/sql/taskColumns.ts';

export interface Blockable {
  id: string;
  isBlocked: boolean;
}

const compose = (condition: string) => `
select t.id, ${isBlocked} as "isBlocked" from tasks t
where ${condition} and t.deleted_at is null order by t.id for no key update of t`;
const itself = compose('t.id = ?');
const dependents = compose('t.id in (select task_id from task_dependencies where depends_on = ?)');

/**
 * Holds a task, or all that depend on it, until the end of the transaction, and says which are blocked. Held,
 * because whoever changes such a task meanwhile tells everyone whether it is blocked: theirs comes before or
 * after, and so does their event.
 */
export async function holdBlockable(
  em: EntityManager,
  of: { taskId: string } | { dependentsOf: string },
): Promise<Blockable[]> {
  return 'taskId' in of ? em.execute(itself, [of.taskId]) : em.execute(dependents, [of.dependentsOf]);
}
