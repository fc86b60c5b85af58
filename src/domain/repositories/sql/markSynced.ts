import type { EntityManager } from '@mikro-orm/postgresql';

/** By SQL: through the unit of work `row_version` would grow, and an editor of the project's name get a VERSION_CLASH. */
const sql = `
update projects set last_synced_at = ?, default_branch = coalesce(?, default_branch), updated_at = now() where id = ?`;

/** Notes when the project was last synced. @param defaultBranch null: it was not asked for. */
export async function markSynced(
  em: EntityManager,
  { projectId, syncedAt, defaultBranch }: { projectId: string; syncedAt: Date; defaultBranch: string | null },
): Promise<void> {
  await em.execute(sql, [syncedAt, defaultBranch, projectId], 'run');
}
