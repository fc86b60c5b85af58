import { Alert, List, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../../api.ts';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { Page } from '../../../kit/Page.tsx';
import { Time } from '../../../kit/Time.tsx';
import { Bytes, Count, formatCount } from '../../../kit/numbers.tsx';
import { Facts } from '../Facts.tsx';
import { NodeCard } from './NodeCard.tsx';
import { Recurring } from './Recurring.tsx';
import { type Health as HealthView, findWarnings } from './findWarnings.ts';

/** Milliseconds between two looks: the nodes are asked for a second. */
const renewMs = 10_000;

function Warnings({ health }: { health: HealthView }) {
  const warnings = findWarnings(health);
  if (warnings.length === 0)
    return (
      <Alert
        role="status"
        color="green"
        variant="light"
        icon={<IconCheck aria-hidden />}
        title="All is well."
      />
    );
  return (
    <Alert
      role="status"
      color="yellow"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={
        warnings.length === 1 ? 'One thing needs you.' : `${formatCount(warnings.length)} things need you.`
      }
    >
      <List size="sm" spacing="xs">
        {warnings.map(({ what, remedy }) => (
          <List.Item key={what}>
            <strong>{what}</strong> {remedy}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Queue({ queue }: { queue: HealthView['queue'] }) {
  if (queue.length === 0) return <Text>Nothing waits.</Text>;
  return (
    <div className="table-scroll">
      <Table aria-label="Queue">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Kind of job</Table.Th>
            <Table.Th>Wait</Table.Th>
            <Table.Th>Run</Table.Th>
            <Table.Th>Oldest waits since</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queue.map(({ jobType, waiting, running, oldestWaitingAt }) => (
            <Table.Tr key={jobType}>
              <Table.Td>{jobType}</Table.Td>
              <Table.Td>
                <Count value={waiting} />
              </Table.Td>
              <Table.Td>
                <Count value={running} />
              </Table.Td>
              <Table.Td>{oldestWaitingAt ? <Time at={oldestWaitingAt} /> : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Followers({ followers }: { followers: HealthView['followers'] }) {
  return (
    <div className="table-scroll">
      <Table aria-label="Followers of the log">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Follower</Table.Th>
            <Table.Th>Behind by</Table.Th>
            <Table.Th>Since</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {followers.map(({ name, streams, events, behindSinceAt }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td>
                {events === 0 ? (
                  'nothing'
                ) : (
                  <>
                    <Count value={events} /> events in <Count value={streams} /> streams
                  </>
                )}
              </Table.Td>
              <Table.Td>{behindSinceAt ? <Time at={behindSinceAt} /> : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Whole({ health }: { health: HealthView }) {
  const { nodes, database, queue, followers, recurring } = health;
  return (
    <Stack gap="lg">
      <Warnings health={health} />
      <section aria-labelledby="nodes">
        <Title order={2} size="h4" id="nodes">
          Nodes
        </Title>
        <div className="cards">
          {nodes.map((node, index) => (
            <NodeCard key={node.node} node={node} isAnswering={index === 0} />
          ))}
        </div>
      </section>
      <section aria-labelledby="database">
        <Title order={2} size="h4" id="database">
          Database
        </Title>
        <Facts
          facts={[
            ['PostgreSQL', database.version],
            ['Size', <Bytes key="size" value={database.sizeBytes} />],
            [
              'Connections',
              <span key="connections">
                <Count value={database.connections} /> of <Count value={database.maxConnections} />
              </span>,
            ],
          ]}
        />
      </section>
      <section aria-labelledby="queue">
        <Title order={2} size="h4" id="queue">
          Jobs that are not over
        </Title>
        <Queue queue={queue} />
      </section>
      <section aria-labelledby="followers">
        <Title order={2} size="h4" id="followers">
          Followers of the log
        </Title>
        <Followers followers={followers} />
      </section>
      <section aria-labelledby="recurring">
        <Title order={2} size="h4" id="recurring">
          Work that comes again by itself
        </Title>
        <Recurring recurring={recurring} />
      </section>
    </Stack>
  );
}

/** How the installation is, and what needs somebody. */
export default function Health() {
  const { data, error, refetch } = useQuery({
    ...trpc.system.health.queryOptions({}),
    refetchInterval: renewMs,
  });
  return (
    <Page
      title="Health"
      lead="How the nodes, the database and the work in the background are. Looked at every ten seconds."
    >
      {error && <FailureNotice error={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading what="how things are" />}
      {data && <Whole health={data} />}
    </Page>
  );
}
