import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { DeliveryView } from '../../webhooks.ts';
import { composeConditions } from '../conditions.ts';
import { before } from '../keyset.ts';
import { deliveryColumns } from './deliveryColumns.ts';

/** Up to `limit` deliveries of a webhook before a position, newest first. */
export async function listDeliveries(
  reads: pg.Pool,
  of: {
    projectId: string;
    webhookId: string;
    filter: { status?: DeliveryView['status'] | undefined; eventType?: string | undefined };
    position: Position | null;
    limit: number;
  },
): Promise<DeliveryView[]> {
  const conditions = { status: 'd.status = $', eventType: 'd.event_type = $' };
  const { key, sql, values } = composeConditions(of.filter, conditions, 6);
  const { rows } = await reads.query<DeliveryView>({
    name: `list deliveries ${key}`,
    text: `
select ${deliveryColumns} from webhook_deliveries d join webhooks w on w.id = d.webhook_id
where d.webhook_id = $1 and w.project_id = $2 and (d.created_at, d.id) < ($3, $4)${sql}
order by d.created_at desc, d.id desc limit $5`,
    values: [of.webhookId, of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
