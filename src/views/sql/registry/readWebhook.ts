import type pg from 'pg';
import type { WebhookView } from '../../registry.ts';
import { webhookColumns } from './webhookColumns.ts';

const text = `select ${webhookColumns} from webhooks w where w.id = $1 and w.project_id = $2`;

/** One webhook; undefined when the project has none of this id. */
export async function readWebhook(
  reads: pg.Pool,
  of: { projectId: string; webhookId: string },
): Promise<WebhookView | undefined> {
  const values = [of.webhookId, of.projectId];
  return (await reads.query<WebhookView>({ name: 'read webhook', text, values })).rows[0];
}
