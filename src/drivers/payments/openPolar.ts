import { fail } from '../../errors.ts';
import type { PaymentProvider } from './PaymentProvider.ts';

const timeoutSeconds = 15;
const longestReason = 300;

/** A failure of the SDK in our words. Of a response only its body is told, which holds no credential. */
function explain(cause: unknown): never {
  if (cause instanceof Error && 'statusCode' in cause && typeof cause.statusCode === 'number') {
    const { statusCode } = cause;
    if (statusCode < 500 && statusCode !== 429) {
      const details = 'error' in cause ? JSON.stringify(cause.error) : '';
      return fail(
        'PAYMENT_PROVIDER_REFUSED',
        { reason: `${statusCode} ${details}`.slice(0, longestReason) },
        { cause },
      );
    }
  }
  return fail('UNAVAILABLE', { reason: 'the provider of payments does not answer' }, { cause });
}

/**
 * Payments by Polar (https://polar.sh), through its SDK. That is loaded here, because it is large, and a server
 * without payments does without it.
 */
export async function openPolar(options: { accessToken: string; apiUrl: string }): Promise<PaymentProvider> {
  const [{ createPolarCore }, { createCheckouts }, { createRefunds }, { receiptOrders }] = await Promise.all([
    import('@polar-sh/sdk/2026-10'),
    import('@polar-sh/sdk/2026-10/services/checkouts'),
    import('@polar-sh/sdk/2026-10/services/refunds'),
    import('@polar-sh/sdk/2026-10/services/orders'),
  ]);
  const client = createPolarCore({
    accessToken: options.accessToken,
    baseUrl: options.apiUrl.replace(/\/$/, ''),
    timeout: timeoutSeconds,
  });
  return {
    name: 'polar',
    async openCheckout({ transactionId, actorId, packageId, productId, email, returnUrl }) {
      const checkout = await createCheckouts(client)({
        products: [productId ?? fail('PACKAGE_UNKNOWN', { packageId })],
        external_customer_id: actorId,
        customer_email: email,
        metadata: { transactionId, packageId },
        success_url: returnUrl,
      }).catch(explain);
      return { url: checkout.url, expiresAt: new Date(checkout.expires_at) };
    },
    async refund({ orderId, cents, comment }) {
      await createRefunds(client)({
        order_id: orderId,
        amount: cents,
        reason: 'customer_request',
        comment,
      }).catch(explain);
    },
    async findReceipt({ orderId }) {
      const { url } = await receiptOrders(client)(orderId).catch(explain);
      return url;
    },
  };
}
