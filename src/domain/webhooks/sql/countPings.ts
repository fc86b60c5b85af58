import type { EntityManager } from '@mikro-orm/postgresql';
import { pingType } from '../eventTypes.ts';

const sql = `
select count(*)::int as total from webhook_deliveries
where webhook_id = ? and created_at > now() - interval '1 minute' and event_type = ?`;

/** Pings of a webhook in the last minute. */
export async function countPings(em: EntityManager, webhookId: string): Promise<number> {
  const [row]: { total: number }[] = await em.execute(sql, [webhookId, pingType]);
  return row?.total ?? 0;
}
