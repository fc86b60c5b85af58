import type pg from 'pg';

export interface PurchaseRow {
  /** Whose account it was for (nobody's, once that was removed), and what the caller is there. */
  account: { id: string; role: 'owner' | 'member' | null };
  provider: string;
  /** The provider's id of the order; null until it is paid. */
  orderId: string | null;
}

const text = `
select jsonb_build_object('id', coalesce(t.user_id::text, ''), 'role', m.role) as account, t.provider,
  t.provider_payment_id as "orderId"
from transactions t left join organization_members m on m.organization_id = t.user_id and m.actor_id = $2
where t.id = $1`;

/** A purchase, and how the caller stands to the account that it was for. */
export async function readPurchase(
  reads: pg.Pool,
  of: { id: string; callerId: string },
): Promise<PurchaseRow | undefined> {
  const { rows } = await reads.query<PurchaseRow>({
    name: 'read purchase',
    text,
    values: [of.id, of.callerId],
  });
  return rows[0];
}
