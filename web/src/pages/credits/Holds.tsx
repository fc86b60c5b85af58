import { Table } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { Count } from '../../kit/numbers.tsx';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { JobLink } from './JobLink.tsx';

type Hold = Outputs['credits']['holds']['items'][number];

const states: Record<Hold['status'], string> = {
  held: 'Held',
  captured: 'Charged',
  released: 'Given back',
  expired: 'Given back, the job took too long',
};

/** What is or was set aside for jobs, newest first. */
export function Holds({ actorId }: { actorId: string }) {
  const pages = usePages(trpc.credits.holds.infiniteQueryOptions({ actorId }, byCursor));
  return (
    <PagedList pages={pages} what="what is held" empty="Nothing was set aside for a job yet.">
      {(holds) => (
        <div className="table-scroll">
          <Table aria-label="Held for jobs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th ta="end">Set aside</Table.Th>
                <Table.Th ta="end">Charged</Table.Th>
                <Table.Th>For</Table.Th>
                <Table.Th>Until</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {holds.map(
                ({ id, createdAt, status, amount, captured, projectId, jobId, expiresAt, resolvedAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Time at={createdAt} />
                    </Table.Td>
                    <Table.Td>{states[status]}</Table.Td>
                    <Table.Td ta="end">
                      <Count value={amount} />
                    </Table.Td>
                    <Table.Td ta="end">
                      <Count value={captured} />
                    </Table.Td>
                    <Table.Td>
                      <JobLink projectId={projectId} jobId={jobId} />
                    </Table.Td>
                    <Table.Td>
                      <Time at={resolvedAt ?? expiresAt} />
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
