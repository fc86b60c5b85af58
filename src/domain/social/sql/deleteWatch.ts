import type { EntityManager } from '@mikro-orm/postgresql';

/** @returns whether there was a choice to take back. */
export async function deleteWatch(
  em: EntityManager,
  key: { userId: string; projectId: string },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    'delete from watches where user_id = ? and project_id = ? returning user_id',
    [key.userId, key.projectId],
  );
  return rows.length > 0;
}
