/** Waiting for what becomes of webhooks, as their owner sees it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TesseraClient } from '../../client/src/index.ts';

export type Delivery = Awaited<ReturnType<TesseraClient['webhooks']['delivery']['query']>>;
type Notification = Awaited<ReturnType<TesseraClient['notifications']['list']['query']>>['items'][number];

/** Whether so many attempts have been made, and the last is over. */
export const tried =
  (attempts: number) =>
  ({ tries }: Delivery): boolean =>
    tries.length === attempts && tries[0]?.durationMs !== null;

export const hasEnded = ({ status }: Delivery): boolean => status !== 'pending';

/** Waits until the newest delivery of a webhook is as asked. */
export async function waitForDelivery(
  client: TesseraClient,
  of: { projectId: string; webhookId: string },
  fulfils: (delivery: Delivery) => boolean,
): Promise<Delivery> {
  for (;;) {
    const { items } = await client.webhooks.deliveries.query({ ...of, limit: 1 });
    const [newest] = items;
    const found = newest && (await client.webhooks.delivery.query({ ...of, deliveryId: newest.id }));
    if (found && fulfils(found)) return found;
    await delay(20);
  }
}

/** Waits for a notification about a subject. */
export async function waitForNotice(client: TesseraClient, subject: string): Promise<Notification> {
  for (;;) {
    const { items } = await client.notifications.list.query({});
    const found = items.find((item) => item.subject === subject);
    if (found) return found;
    await delay(20);
  }
}
