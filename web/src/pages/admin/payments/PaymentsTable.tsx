import { Anchor, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Money } from '../../../kit/Money.tsx';
import { Time } from '../../../kit/Time.tsx';
import { Count } from '../../../kit/numbers.tsx';
import { useNames } from '../../../kit/useNames.ts';
import { useRights } from '../../../kit/useRight.ts';
import { type Purchase, PurchaseState } from '../../credits/PurchaseState.tsx';
import { ReceiptButton } from '../../credits/ReceiptButton.tsx';
import { Refund } from './Refund.tsx';
import type { Awaited } from './useAwaited.ts';

/** Purchases with their buyers, and what can be done about them. */
export function PaymentsTable({ payments, awaited }: { payments: readonly Purchase[]; awaited: Awaited }) {
  const nameOf = useNames(payments.map(({ actorId }) => actorId));
  const { may } = useRights();
  return (
    <div className="table-scroll">
      <Table aria-label="Payments">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>Bought by</Table.Th>
            <Table.Th ta="end">Credits</Table.Th>
            <Table.Th ta="end">Price before tax</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Order at the provider</Table.Th>
            <Table.Th>Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {payments.map((payment) => {
            const { id, actorId, createdAt, credits, amountCents, currency } = payment;
            const name = nameOf(actorId) ?? 'Somebody who is gone';
            return (
              <Table.Tr key={id}>
                <Table.Td>
                  <Time at={createdAt} as="moment" />
                </Table.Td>
                <Table.Td>
                  {actorId ? (
                    <Anchor component={Link} inherit to={`/admin/people/${actorId}`}>
                      {name}
                    </Anchor>
                  ) : (
                    name
                  )}
                </Table.Td>
                <Table.Td ta="end">
                  <Count value={credits} />
                </Table.Td>
                <Table.Td ta="end">
                  <Money cents={amountCents} currency={currency} />
                </Table.Td>
                <Table.Td>
                  <PurchaseState purchase={payment} />
                  {awaited.isOf(payment) && (
                    <Text size="sm" role="status">
                      The provider was asked to pay back, and has not said yet that it did.
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {payment.provider}: {payment.providerPaymentId ?? 'none yet'}
                </Table.Td>
                <Table.Td>
                  {may('payments.receipt') && <ReceiptButton purchase={payment} />}{' '}
                  {may('payments.refund') && (
                    <Refund payment={payment} buyer={name} onAsked={() => awaited.add(payment)} />
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}
