import type { EntityManager } from '@mikro-orm/postgresql';

const sql = `
insert into notification_preferences as p (actor_id, type, is_enabled) values (?, ?, ?)
on conflict (actor_id, type) do update set is_enabled = excluded.is_enabled, updated_at = now()
where p.is_enabled <> excluded.is_enabled
returning type`;

/** @returns false when the actor had decided so already. */
export async function putPreference(
  em: EntityManager,
  preference: { actorId: string; type: string; isEnabled: boolean },
): Promise<boolean> {
  const rows: unknown[] = await em.execute(sql, [preference.actorId, preference.type, preference.isEnabled]);
  return rows.length > 0;
}
