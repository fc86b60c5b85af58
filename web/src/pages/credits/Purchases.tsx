import { Table, Text } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { Money } from '../../kit/Money.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { Count } from '../../kit/numbers.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';

type Transaction = Outputs['payments']['transactions']['items'][number];

const states: Record<Transaction['status'], string> = {
  pending: 'Not paid yet',
  succeeded: 'Paid',
  failed: 'Failed',
  cancelled: 'Cancelled',
  refunded: 'Paid back',
};

/** Purchases for an account, newest first. */
export function Purchases({ actorId }: { actorId: string }) {
  const pages = usePages(trpc.payments.transactions.infiniteQueryOptions({ actorId }, byCursor));
  return (
    <PagedList pages={pages} what="the purchases" empty="Nothing was bought yet.">
      {(transactions) => (
        <div className="table-scroll">
          <Table aria-label="Purchases">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th ta="end">Credits</Table.Th>
                <Table.Th ta="end">Price</Table.Th>
                <Table.Th>State</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {transactions.map(
                ({
                  id,
                  createdAt,
                  credits,
                  amountCents,
                  currency,
                  status,
                  refundedCents,
                  creditsReclaimed,
                }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Time at={createdAt} />
                    </Table.Td>
                    <Table.Td ta="end">
                      <Count value={credits} />
                    </Table.Td>
                    <Table.Td ta="end">
                      <Money cents={amountCents} currency={currency} />
                    </Table.Td>
                    <Table.Td>
                      {states[status]}
                      {refundedCents > 0 && (
                        <Text size="sm">
                          <Money cents={refundedCents} currency={currency} /> were paid back and{' '}
                          <Count value={creditsReclaimed} /> credits taken back.
                        </Text>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ),
              )}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </PagedList>
  );
}
