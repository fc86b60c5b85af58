import { Table } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { Count } from '../../kit/numbers.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { JobLink } from './JobLink.tsx';

type Change = Outputs['credits']['history']['items'][number];

const kinds: Record<Change['kind'], string> = {
  grant: 'Given',
  correction: 'Corrected',
  purchase: 'Bought',
  charge: 'Charged',
  refund: 'Paid back',
  repayment: 'Repaid debt',
};

/** Every change of an account's balance, newest first. */
export function History({ actorId }: { actorId: string }) {
  const pages = usePages(trpc.credits.history.infiniteQueryOptions({ actorId }, byCursor));
  return (
    <PagedList pages={pages} what="the history" empty="Nothing came in or went out yet.">
      {(changes) => (
        <div className="table-scroll">
          <Table aria-label="History">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th ta="end">Credits</Table.Th>
                <Table.Th ta="end">Balance after</Table.Th>
                <Table.Th>For</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map(({ id, createdAt, kind, reason, delta, balanceAfter, projectId, jobId }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <Time at={createdAt} />
                  </Table.Td>
                  <Table.Td>
                    {kinds[kind]}: {reason}
                  </Table.Td>
                  <Table.Td ta="end">
                    {delta > 0 && '+'}
                    <Count value={delta} />
                  </Table.Td>
                  <Table.Td ta="end">
                    <Count value={balanceAfter} />
                  </Table.Td>
                  <Table.Td>
                    <JobLink projectId={projectId} jobId={jobId} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </PagedList>
  );
}
