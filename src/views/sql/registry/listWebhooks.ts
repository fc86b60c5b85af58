import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { WebhookView } from '../../registry.ts';
import { composeConditions } from '../conditions.ts';
import { before } from '../keyset.ts';
import { webhookColumns } from './webhookColumns.ts';

/** Up to `limit` webhooks of a project before a position, newest first. */
export async function listWebhooks(
  reads: pg.Pool,
  of: {
    projectId: string;
    filter: { active?: boolean | undefined };
    position: Position | null;
    limit: number;
  },
): Promise<WebhookView[]> {
  const { key, sql, values } = composeConditions(of.filter, { active: 'w.active = $' }, 5);
  const { rows } = await reads.query<WebhookView>({
    name: `list webhooks ${key}`,
    text: `
select ${webhookColumns} from webhooks w
where w.project_id = $1 and (w.created_at, w.id) < ($2, $3)${sql}
order by w.created_at desc, w.id desc limit $4`,
    values: [of.projectId, ...before(of.position), of.limit, ...values],
  });
  return rows;
}
