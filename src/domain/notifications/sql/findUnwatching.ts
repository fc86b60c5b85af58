import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
select user_id as "actorId" from watches where project_id = ? and level = 'none' and user_id = any(?::uuid[])`;

/** Who of these people wants to hear nothing of a project but mentions of them. */
export async function findUnwatching(
  em: EntityManager,
  projectId: string,
  actorIds: readonly string[],
): Promise<Set<string>> {
  if (actorIds.length === 0) return new Set();
  const rows: { actorId: string }[] = await em.execute(sql, [projectId, `{${actorIds.join(',')}}`]);
  return new Set(rows.map((row) => row.actorId));
}
