import { z } from 'zod';

/** An order as far as it concerns us. Amounts are before tax, in the currency's smallest unit. */
export interface PaidOrder {
  orderId: string;
  /** As given to the checkout; null for an order that was made elsewhere. */
  transactionId: string | null;
  amountCents: number;
  /** Of the amount, what was paid back until now. */
  refundedCents: number;
  currency: string;
}

/** What a provider tells, in our words. */
export type PaymentEvent =
  | { is: 'paid'; order: PaidOrder }
  | { is: 'refunded'; order: PaidOrder }
  | { is: 'refund'; refund: { refundId: string; orderId: string; amountCents: number; isSucceeded: boolean } }
  /** It does not concern credits. */
  | { is: 'other' };

const cents = z.number().int().min(0);
const providerId = z.string().min(1).max(255);

/** Of Polar's `Order` (API version 2026-10). */
const order = z
  .object({
    id: providerId,
    net_amount: cents,
    refunded_amount: cents.default(0),
    currency: z.string().regex(/^[A-Za-z]{3}$/),
    metadata: z.record(z.string(), z.unknown()).default({}),
  })
  .transform(({ id, net_amount, refunded_amount, currency, metadata }): PaidOrder => ({
    orderId: id,
    transactionId: z.uuid().safeParse(metadata['transactionId']).data?.toLowerCase() ?? null,
    amountCents: net_amount,
    refundedCents: refunded_amount,
    currency: currency.toUpperCase(),
  }));

/** Of Polar's `Refund`. */
const refund = z
  .object({ id: providerId, order_id: providerId, amount: cents, status: z.string() })
  .transform(({ id, order_id, amount, status }) => ({
    refundId: id,
    orderId: order_id,
    amountCents: amount,
    isSucceeded: status === 'succeeded',
  }));

/**
 * Reads an event of Polar's webhooks; the test provider speaks the same language. @throws ZodError when it is
 * of a type that concerns us, and not of its shape.
 */
export function readPaymentEvent({ type, data }: { type: string; data: unknown }): PaymentEvent {
  switch (type) {
    case 'order.paid':
      return { is: 'paid', order: order.parse(data) };
    case 'order.refunded':
      return { is: 'refunded', order: order.parse(data) };
    case 'refund.created':
    case 'refund.updated':
      return { is: 'refund', refund: refund.parse(data) };
    default:
      return { is: 'other' };
  }
}
