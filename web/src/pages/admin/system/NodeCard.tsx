import { Badge, Paper, Text, Title } from '@mantine/core';
import { Time } from '../../../kit/Time.tsx';
import { Bytes, Count } from '../../../kit/numbers.tsx';
import { Facts } from '../Facts.tsx';
import type { Health } from './findWarnings.ts';

const serviceWords: Record<string, string> = {
  api: 'answers calls',
  realtime: 'live views',
  worker: 'works on jobs',
};
const megabyte = 1_000_000;

/** One process of the installation. */
export function NodeCard({ node, isAnswering }: { node: Health['nodes'][number]; isAnswering: boolean }) {
  const { parts, memory, programs } = node;
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
          ['Waiting time', `${Math.round(node.loopLagMs)} ms before it gets to what comes`],
          ['Open connections', <Count key="sockets" value={node.sockets} />],
          ['Live views', <Count key="views" value={node.subscriptions} />],
          ['Programs', `git ${programs.git ?? 'is missing'}, ffprobe ${programs.ffprobe ?? 'is missing'}`],
          ['Stores files in', node.storage === 's3' ? 'an S3 bucket' : 'a folder'],
          ['Sends mail', node.mail === 'smtp' ? 'by SMTP' : 'into a folder: nobody gets it'],
        ]}
      />
    </Paper>
  );
}
