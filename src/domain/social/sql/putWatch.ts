import type { EntityManager } from '@mikro-orm/postgresql';
import type { WatchLevel } from '../../../views/social.ts';

const sql = `
insert into watches as w (user_id, project_id, level) values (?, ?, ?::watch_level)
on conflict (user_id, project_id) do update set level = excluded.level, updated_at = now()
where w.level <> excluded.level
returning level`;

/** @returns false when the person had chosen so already. */
export async function putWatch(
  em: EntityManager,
  watch: { userId: string; projectId: string; level: WatchLevel },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [watch.userId, watch.projectId, watch.level]);
  return rows.length > 0;
}
