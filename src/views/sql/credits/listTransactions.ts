import type pg from 'pg';
import type { TransactionView } from '../../payments.ts';
import type { Position } from '../../paging.ts';
import { before } from '../keyset.ts';

/** Each condition has an index that ends in (created_at, id). */
const compose = (of: string) => `
select id, user_id as "actorId", provider, provider_payment_id as "providerPaymentId", package_id as "packageId",
  amount_cents::float8 as "amountCents", currency, credits_bought::float8 as credits, status,
  refunded_cents::float8 as "refundedCents", credits_reclaimed::float8 as "creditsReclaimed",
  case when status = 'pending' and checkout_expires_at > now() then checkout_url end as "checkoutUrl",
  created_at as "createdAt", updated_at as "updatedAt"
from transactions
where (created_at, id) < ($1, $2) and ($4::tx_status is null or status = $4)${of}
order by created_at desc, id desc limit $3`;
const ofAll = compose('');
const ofAccount = compose(' and user_id = $5');

/** Purchases before a position, newest first. */
export async function listTransactions(
  reads: pg.Pool,
  of: {
    /** null: everybody's. */
    actorId: string | null;
    status: TransactionView['status'] | undefined;
    position: Position | null;
    limit: number;
  },
): Promise<TransactionView[]> {
  const { actorId, status, position, limit } = of;
  const values = [...before(position), limit, status ?? null];
  const { rows } = await reads.query<TransactionView>({
    name: actorId === null ? 'list all transactions' : 'list transactions',
    text: actorId === null ? ofAll : ofAccount,
    values: actorId === null ? values : [...values, actorId],
  });
  return rows;
}
