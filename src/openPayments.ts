import type { MikroORM } from '@mikro-orm/postgresql';
import { systemCause, transact } from './database/transaction.ts';
import { simulateRefund } from './domain/payments/simulatePayment.ts';
import { openPolar } from './drivers/payments/openPolar.ts';
import { openTestPayments } from './drivers/payments/openTestPayments.ts';
import type { PaymentProvider } from './drivers/payments/PaymentProvider.ts';
import type { Settings } from './settings.ts';

/** Who takes payments by the settings, which have been checked; null: nobody does. */
export async function openPayments(orm: MikroORM, settings: Settings): Promise<PaymentProvider | null> {
  const { PAYMENTS, POLAR_ACCESS_TOKEN, POLAR_API_URL } = settings;
  if (PAYMENTS === 'test')
    return openTestPayments((request) => transact(orm, systemCause, (em) => simulateRefund(em, request)));
  if (PAYMENTS === 'polar' && POLAR_ACCESS_TOKEN)
    return openPolar({ accessToken: POLAR_ACCESS_TOKEN, apiUrl: POLAR_API_URL });
  return null;
}
