import { Anchor, Button, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { trpc } from '../../api.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { byCursor } from '../../kit/usePages.ts';
import { useRights } from '../../kit/useRight.ts';
import { NewWebhook } from './NewWebhook.tsx';
import { Secret } from './Secret.tsx';
import { type Webhook, WebhookStatus } from './WebhookStatus.tsx';

const Rows = ({ webhooks }: { webhooks: readonly Webhook[] }) => (
  <div className="table-scroll">
    <Table aria-label="Webhooks">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Address</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Events</Table.Th>
          <Table.Th>Made</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {webhooks.map((webhook) => (
          <Table.Tr key={webhook.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }} miw={180}>
              <Anchor component={Link} to={`/projects/${webhook.projectId}/webhooks/${webhook.id}`}>
                {webhook.url}
              </Anchor>
              {webhook.description && <Text size="sm">{webhook.description}</Text>}
            </Table.Td>
            <Table.Td>
              <WebhookStatus webhook={webhook} />
            </Table.Td>
            <Table.Td>{webhook.events.join(', ')}</Table.Td>
            <Table.Td>
              <Time at={webhook.createdAt} as="date" />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </div>
);

/** Addresses that are told of what happens in the project. */
export default function Webhooks() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const [secret, setSecret] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const pages = useLiveList(
    'webhooks',
    projectId,
    trpc.webhooks.list.infiniteQueryOptions({ projectId }, byCursor),
    'first',
  );
  return (
    <ProjectPage
      title="Webhooks"
      lead="Addresses that are told of what happens in the project."
      actions={
        may('webhooks.create') && !isAdding && <Button onClick={() => setAdding(true)}>New webhook</Button>
      }
    >
      {() => (
        <>
          {secret !== undefined && <Secret value={secret} onDone={() => setSecret(undefined)} />}
          {isAdding && (
            <NewWebhook
              projectId={projectId}
              onMade={(made) => {
                setSecret(made);
                setAdding(false);
              }}
            />
          )}
          <PagedList pages={pages} what="the webhooks" empty="There are no webhooks yet.">
            {(webhooks) => <Rows webhooks={webhooks} />}
          </PagedList>
        </>
      )}
    </ProjectPage>
  );
}
