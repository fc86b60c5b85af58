import { wakeSendersBy } from '../domain/webhooks/wakeSenders.ts';
import { Outbound } from '../drivers/outbound/Outbound.ts';
import type { BackgroundOptions } from './startBackground.ts';
import { Courier } from './webhooks.deliver.ts';

/** Of STOP_SECONDS, what receivers still have to answer in. */
const answeringShare = 0.5;

/** Starts sending webhooks in this process, as the settings say. */
export function startCourier(
  options: Pick<
    BackgroundOptions,
    'orm' | 'reads' | 'authorizer' | 'secrets' | 'metrics' | 'settings' | 'log'
  >,
): Courier {
  const { orm, reads, authorizer, secrets, metrics, settings, log } = options;
  const courier = new Courier({
    orm,
    pool: reads,
    authorizer,
    secrets,
    log,
    outbound: new Outbound({
      allowedSubnets: settings.WEBHOOK_TARGETS,
      allowHttp: settings.WEBHOOK_HTTP,
      timeoutMs: settings.WEBHOOK_SECONDS * 1000,
    }),
    concurrency: settings.WEBHOOK_CONCURRENCY,
    stopMs: settings.STOP_SECONDS * 1000 * answeringShare,
    count: metrics.counters(
      'tessera_webhook_attempts_total',
      'Attempts to deliver a webhook: delivered, to be retried, failed for good, or forbidden.',
      'outcome',
    ),
  });
  wakeSendersBy(orm, () => courier.wake());
  metrics.gauge('tessera_webhooks_under_way', 'Webhooks whose answer is waited for.', () => courier.size);
  return courier;
}
