import { client } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { formatMoney } from '../../kit/Money.tsx';
import { formatDay } from '../../kit/Time.tsx';
import type { Purchase } from './PurchaseState.tsx';

/** Opens the provider's receipt of a purchase that was paid; nothing before. */
export function ReceiptButton({ purchase }: { purchase: Purchase }) {
  const { id, status, amountCents, currency, createdAt } = purchase;
  if (status !== 'succeeded' && status !== 'refunded') return null;
  const open = async () => {
    const { url } = await client.payments.receipt.query({ transactionId: id });
    location.assign(url);
  };
  return (
    <ActionButton
      size="xs"
      label={`Receipt for ${formatMoney(amountCents, currency)} of ${formatDay(createdAt)}`}
      onAct={open}
    >
      Receipt
    </ActionButton>
  );
}
