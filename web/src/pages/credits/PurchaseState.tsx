import { Anchor, Text } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { Money } from '../../kit/Money.tsx';
import { Credits } from '../../kit/numbers.tsx';

export type Purchase = Outputs['payments']['transactions']['items'][number];

export const purchaseStates: Record<Purchase['status'], string> = {
  pending: 'Not paid',
  succeeded: 'Paid',
  failed: 'Failed',
  cancelled: 'Cancelled',
  refunded: 'Paid back',
};

const stateOf = ({ status, refundedCents, amountCents }: Purchase) =>
  refundedCents > 0 && refundedCents < amountCents ? 'Partly paid back' : purchaseStates[status];

/** How a purchase stands: whether it is paid, and what was paid back of it. @param mayPay leads on to where it is paid */
export function PurchaseState({ purchase, mayPay = false }: { purchase: Purchase; mayPay?: boolean }) {
  const { refundedCents, currency, creditsReclaimed, checkoutUrl } = purchase;
  return (
    <>
      {stateOf(purchase)}
      {mayPay && checkoutUrl && (
        <>
          {' · '}
          <Anchor inherit href={checkoutUrl}>
            Go on to pay
          </Anchor>
        </>
      )}
      {refundedCents > 0 && (
        <Text size="sm">
          <Money cents={refundedCents} currency={currency} /> came back, and{' '}
          <Credits value={creditsReclaimed} /> went for that.
        </Text>
      )}
    </>
  );
}
