import type { FastifyInstance } from 'fastify';
import type { PaymentProvider } from '../drivers/payments/PaymentProvider.ts';
import { serveTestCheckout } from './serveTestCheckout.ts';
import { type InboundOptions, serveWebhooks } from './serveWebhooks.ts';

/** What payments need beside procedures: the door for webhooks, and the page of the test provider where it is on. */
export function servePayments(
  app: FastifyInstance,
  options: InboundOptions & { payments: PaymentProvider | null },
): void {
  serveWebhooks(app, options);
  if (options.payments?.name === 'test') serveTestCheckout(app, options);
}
