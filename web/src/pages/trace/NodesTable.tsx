import { Table, Text } from '@mantine/core';
import type { Outputs } from 'tessera-client';
import { Count, Milliseconds } from '../../kit/numbers.tsx';

type NodeTrace = Outputs['realtime']['trace']['nodes'][number];

/** How long after the commit; the clocks of a node and of the database may differ a little. */
const After = ({ at, committedAt }: { at: Date | null; committedAt: Date }) =>
  at === null ? '–' : <Milliseconds value={at.getTime() - committedAt.getTime()} />;

function Lag({ lag }: { lag: NodeTrace['lagMs'] }) {
  if (lag === null) return '–';
  return (
    <>
      <Milliseconds value={lag.p50} /> · <Milliseconds value={lag.p95} /> · <Milliseconds value={lag.p99} /> ·{' '}
      <Milliseconds value={lag.max} />
    </>
  );
}

/** Node by node: when it heard of the event and read it, and to how many it was sent how soon. */
export function NodesTable({ committedAt, nodes }: { committedAt: Date; nodes: readonly NodeTrace[] }) {
  return (
    <>
      <div className="table-scroll">
        <Table aria-label="Nodes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Node</Table.Th>
              <Table.Th ta="end">Heard of it after</Table.Th>
              <Table.Th ta="end">Read it after</Table.Th>
              <Table.Th ta="end">Sent it to</Table.Th>
              <Table.Th ta="end">First after</Table.Th>
              <Table.Th ta="end">Half · 95% · 99% · all within</Table.Th>
              <Table.Th ta="end">Watch now</Table.Th>
              <Table.Th ta="end">Has read to</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nodes.map(({ node, hintedAt, readAt, sent, firstSentAt, lagMs, subscriptions, readTo }) => (
              <Table.Tr key={node}>
                <Table.Td className="node-name">{node}</Table.Td>
                <Table.Td ta="end">
                  <After at={hintedAt} committedAt={committedAt} />
                </Table.Td>
                <Table.Td ta="end">
                  <After at={readAt} committedAt={committedAt} />
                </Table.Td>
                <Table.Td ta="end">
                  <Count value={sent} />
                </Table.Td>
                <Table.Td ta="end">
                  <After at={firstSentAt} committedAt={committedAt} />
                </Table.Td>
                <Table.Td ta="end">
                  <Lag lag={lagMs} />
                </Table.Td>
                <Table.Td ta="end">
                  <Count value={subscriptions} />
                </Table.Td>
                <Table.Td ta="end">{readTo === null ? '–' : <Count value={readTo} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Text size="sm" c="dimmed">
        Times are from the commit. A node tells of its last 5,000 events, and of those alone that somebody
        watched there; one that found an event without being told heard nothing of it.
      </Text>
    </>
  );
}
