import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Claimed } from './claimDeliveries.ts';

const sql = `
insert into webhook_attempts (id, delivery_id, number)
select a.id, d.id, a.number
from jsonb_to_recordset($1::jsonb) as a (id uuid, "deliveryId" uuid, number int)
join webhook_deliveries d on d.id = a."deliveryId"
for key share of d
on conflict (delivery_id, number) do nothing`;

/** Writes down, before anything is sent, that these attempts begin: one whose worker dies is then seen in the log. */
export async function beginAttempts(pool: pg.Pool, deliveries: readonly Claimed[]): Promise<void> {
  const rows = deliveries.map(({ id, attempts }) => ({ id: uuidv7(), deliveryId: id, number: attempts }));
  await pool.query({ name: 'begin webhook attempts', text: sql, values: [JSON.stringify(rows)] });
}
