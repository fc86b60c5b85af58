import type { EntityManager } from '@mikro-orm/postgresql';

const sql = 'select max(version) as version from project_manifests where project_id = ?';

/** The newest manifest version of a project; null before the first sync. */
export async function findLatestVersion(em: EntityManager, projectId: string): Promise<number | null> {
  const rows: { version: number | null }[] = await em.execute(sql, [projectId]);
  return rows[0]?.version ?? null;
}
