import type pg from 'pg';
import { type PreferenceView, notificationTypes } from '../notifications.ts';

const text = 'select type, is_enabled from notification_preferences where actor_id = $1';

/** What a person wants to be told of: every type of notification, the ones never decided about as on. */
export async function listPreferences(reads: pg.Pool, actorId: string): Promise<PreferenceView[]> {
  const { rows } = await reads.query<{ type: string; is_enabled: boolean }>({
    name: 'list preferences',
    text,
    values: [actorId],
  });
  const decided = new Map(rows.map((row) => [row.type, row.is_enabled]));
  return notificationTypes.map((type) => ({ type, isEnabled: decided.get(type) ?? true }));
}
