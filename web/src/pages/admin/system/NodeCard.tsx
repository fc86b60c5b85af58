import { Badge, Paper, Text, Title } from '@mantine/core';
import { Time } from '../../../kit/Time.tsx';
import { Bytes, Count, Milliseconds } from '../../../kit/numbers.tsx';
import { Facts } from '../Facts.tsx';
import type { Health } from './findWarnings.ts';

const serviceWords: Record<string, string> = {
  api: 'answers calls',
  realtime: 'live views',
  worker: 'works on jobs',
};
const megabyte = 1_000_000;

function Delivered({ live: { delivered, resyncs, lagMs } }: { live: Health['nodes'][number]['live'] }) {
  return (
    <>
      <Count value={delivered} /> {delivered === 1 ? 'event' : 'events'} and states
      {resyncs > 0 && (
        <>
          , <Count value={resyncs} /> of them anew from the beginning
        </>
      )}
      {lagMs && (
        <>
          ; of the last, half within <Milliseconds value={lagMs.p50} /> of the commit, 99 of 100 within{' '}
          <Milliseconds value={lagMs.p99} />, the slowest after <Milliseconds value={lagMs.max} />
        </>
      )}
    </>
  );
}

/** One process of the installation. */
export function NodeCard({ node, isAnswering }: { node: Health['nodes'][number]; isAnswering: boolean }) {
  const { parts, memory, programs, calls, live } = node;
  const failing = Object.entries(parts).flatMap(([part, works]) => (works ? [] : [part]));
  return (
    <Paper withBorder p="md">
      <Title order={3} size="h5" className="node-name">
        {node.node}
      </Title>
      {isAnswering && (
        <Badge variant="default" tt="none">
          answers you
        </Badge>
      )}
      <Text size="sm" fw={600}>
        {failing.length === 0 ? '✓ All its parts work.' : `⚠ Not working: ${failing.join(', ')}.`}
      </Text>
      <Facts
        facts={[
          ['Does', node.services.map((service) => serviceWords[service] ?? service).join(', ')],
          ['Version', `${node.version}, on ${node.runtime}`],
          ['Runs since', <Time key="since" at={node.startedAt} />],
          [
            'Memory',
            <span key="memory">
              <Bytes value={memory.residentMb * megabyte} />, of it{' '}
              <Bytes value={memory.heapUsedMb * megabyte} /> by the program
            </span>,
          ],
          [
            'Waiting time',
            <span key="lag">
              <Milliseconds value={node.loopLagMs} /> before it gets to what comes
            </span>,
          ],
          [
            'Calls answered',
            <span key="calls">
              <Count value={calls.answered} />, of which <Count value={calls.failed} /> failed by the server’s
              fault
            </span>,
          ],
          ['Open connections', <Count key="sockets" value={node.sockets} />],
          [
            'Live views',
            <span key="views">
              <Count value={node.subscriptions} />, of <Count value={live.streams} />{' '}
              {live.streams === 1 ? 'stream' : 'streams'}
            </span>,
          ],
          ['Delivered', <Delivered key="delivered" live={live} />],
          [
            'Readers who are behind',
            <span key="slow">
              <Count value={live.slowReaders} />, for whom <Bytes value={live.waitingBytes} /> wait
            </span>,
          ],
          ['Programs', `git ${programs.git ?? 'is missing'}, ffprobe ${programs.ffprobe ?? 'is missing'}`],
          ['Stores files in', node.storage === 's3' ? 'an S3 bucket' : 'a folder'],
          ['Sends mail', node.mail === 'smtp' ? 'by SMTP' : 'into a folder: nobody gets it'],
        ]}
      />
    </Paper>
  );
}
