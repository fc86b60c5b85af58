import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';
import { audit } from '../../events/audit.ts';
import { type WebhookKey, findActiveWebhook } from './findWebhook.ts';
import { replayFailed, replayOne } from './sql/replay.ts';
import { wakeSenders } from './wakeSenders.ts';

/** Deliveries that one call sends again. */
const mostAtOnce = 10_000;

export type Replayed = { replayed: number; isMore: boolean };

/**
 * Has one delivery sent again, or all that failed since a moment, oldest first: the same bytes under the same
 * `webhook-id`, with as many attempts as a new one. One that waits anyway is tried at once.
 * @throws NOT_FOUND, WEBHOOK_INACTIVE
 */
export async function replayDeliveries(
  em: EntityManager,
  { which, ...key }: WebhookKey & { which: { deliveryId: string } | { failedSince: Date } },
): Promise<Replayed> {
  const { id, projectId } = await findActiveWebhook(em, key);
  const isOne = 'deliveryId' in which;
  const replayed = isOne
    ? await replayOne(em, id, which.deliveryId)
    : await replayFailed(em, id, which.failedSince, mostAtOnce);
  if (isOne && replayed === 0) fail('NOT_FOUND', { thing: 'delivery' });
  if (replayed > 0)
    audit(em, {
      action: 'replay',
      entityType: 'webhook_deliveries',
      entityId: isOne ? which.deliveryId : id,
      projectId,
      changes: { replayed: { new: replayed } },
    });
  wakeSenders(em);
  return { replayed, isMore: replayed === mostAtOnce };
}
