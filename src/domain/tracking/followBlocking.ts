import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeCommit } from '../../database/transaction.ts';
import { emit } from '../../events/emit.ts';
import { holdBlockable } from './sql/holdBlockable.ts';
import { readTaskViews } from './sql/readTaskViews.ts';

/**
 * To be called, under `lockDependencies`, before something changes on which it depends whether a task, or
 * those that depend on it, are blocked. Once the change is written it says which of them became blocked, and
 * which nothing blocks any more: once for each time that it comes to be so. Of completed tasks it says nothing.
 */
export async function followBlocking(
  em: EntityManager,
  projectId: string,
  of: { taskId: string } | { dependentsOf: string },
): Promise<void> {
  const before = new Map((await holdBlockable(em, of)).map((task) => [task.id, task.isBlocked]));
  if (before.size === 0) return;
  beforeCommit(em, async () => {
    for (const task of await readTaskViews(em, [...before.keys()])) {
      if (task.status !== 'COMPLETED' && task.isBlocked !== before.get(task.id))
        emit(em, `project:${projectId}`, task.isBlocked ? 'task.blocked' : 'task.unblocked', () => task);
    }
  });
}
