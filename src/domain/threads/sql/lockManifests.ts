import type { EntityManager } from '@mikro-orm/postgresql';

const sql = 'select pg_advisory_xact_lock_shared(hashtextextended(?, 0))';

/** Keeps the project from getting a new manifest until the end of the transaction; shared by all who ask. */
export async function lockManifests(em: EntityManager, projectId: string): Promise<void> {
  await em.execute(sql, [`manifests:${projectId}`]);
}
