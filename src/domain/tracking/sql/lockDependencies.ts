import type { EntityManager } from '@mikro-orm/postgresql';

const sql = 'select pg_advisory_xact_lock(hashtextextended(?, 0))';

/**
 * Lets nobody else change which tasks of the project are blocked until the end of the transaction: neither
 * dependencies nor what completes, reopens, deletes or restores a task. So of two last blockers that are
 * completed at once one sees the other done, and of two dependencies that would close a circle one is
 * refused. Taken before any row.
 */
export async function lockDependencies(em: EntityManager, projectId: string): Promise<void> {
  await em.execute(sql, [`dependencies:${projectId}`]);
}
