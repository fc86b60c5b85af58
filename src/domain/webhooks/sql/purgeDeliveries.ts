import type { EntityManager } from '@mikro-orm/postgresql';

/** Ids are UUIDs of version 7, whose first 48 bits are milliseconds: the primary key finds the old ones. */
const sql = `
delete from webhook_deliveries where id in (
  select id from webhook_deliveries
  where id < (
    lpad(to_hex((extract(epoch from now() - ?::int * interval '1 day') * 1000)::bigint), 12, '0') || repeat('0', 20)
  )::uuid and status <> 'pending'
  order by id limit ?
)`;

/** Removes deliveries older than so many days that are over, up to `limit`. @returns how many. */
export async function purgeDeliveries(em: EntityManager, days: number, limit: number): Promise<number> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(sql, [days, limit], 'run');
  return affectedRows;
}
