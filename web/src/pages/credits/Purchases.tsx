import { Table } from '@mantine/core';
import { trpc } from '../../api.ts';
import { Money } from '../../kit/Money.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { Count } from '../../kit/numbers.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useRight } from '../../kit/useRight.ts';
import { PurchaseState } from './PurchaseState.tsx';
import { ReceiptButton } from './ReceiptButton.tsx';

/** Purchases for an account, newest first. */
export function Purchases({ actorId }: { actorId: string }) {
  const pages = usePages(trpc.payments.transactions.infiniteQueryOptions({ actorId }, byCursor));
  const mayHaveReceipts = useRight('payments.receipt');
  return (
    <PagedList pages={pages} what="the purchases" empty="Nothing was bought yet.">
      {(purchases) => (
        <div className="table-scroll">
          <Table aria-label="Purchases">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th ta="end">Credits</Table.Th>
                <Table.Th ta="end">Price before tax</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Receipt</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {purchases.map((purchase) => (
                <Table.Tr key={purchase.id}>
                  <Table.Td>
                    <Time at={purchase.createdAt} as="moment" />
                  </Table.Td>
                  <Table.Td ta="end">
                    <Count value={purchase.credits} />
                  </Table.Td>
                  <Table.Td ta="end">
                    <Money cents={purchase.amountCents} currency={purchase.currency} />
                  </Table.Td>
                  <Table.Td>
                    <PurchaseState purchase={purchase} mayPay />
                  </Table.Td>
                  <Table.Td>{mayHaveReceipts && <ReceiptButton purchase={purchase} />}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </PagedList>
  );
}
