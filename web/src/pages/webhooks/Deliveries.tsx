import { Button, Group, Stack, Table } from '@mantine/core';
import { useState } from 'react';
import { client, queryClient, trpc } from '../../api.ts';
import { FilterSelect } from '../../kit/FilterSelect.tsx';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { formatCount } from '../../kit/numbers.tsx';
import { toast } from '../../kit/toast.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { DeliveryDetail } from './DeliveryDetail.tsx';
import { type Delivery, DeliveryStatus, statuses } from './DeliveryStatus.tsx';
import type { Webhook } from './WebhookStatus.tsx';

type Status = Delivery['status'];

/** Milliseconds after which the list is read again: deliveries tell of themselves by no event. */
const renewMs = { waiting: 1_500, quiet: 10_000 };
const dayMs = 86_400_000;

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.webhooks.pathKey() });

interface RowProps {
  delivery: Delivery;
  projectId: string;
  mayReplay: boolean;
}

function Row({ delivery, projectId, mayReplay }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const { id: deliveryId, webhookId, eventType, attempts, httpStatus, createdAt, status } = delivery;
  const which = { projectId, webhookId, deliveryId };
  return (
    <>
      <Table.Tr>
        <Table.Td>{eventType}</Table.Td>
        <Table.Td>
          <DeliveryStatus delivery={delivery} />
        </Table.Td>
        <Table.Td>{attempts}</Table.Td>
        <Table.Td>{httpStatus ?? (attempts > 0 && status !== 'delivered' ? 'no answer' : '')}</Table.Td>
        <Table.Td>
          <Time at={createdAt} />
        </Table.Td>
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="xs"
              variant="default"
              aria-expanded={isOpen}
              aria-label={`${isOpen ? 'Hide' : 'Look at'} attempts of ${eventType} ${deliveryId}`}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? 'Hide' : 'Look'}
            </Button>
            {mayReplay && status !== 'pending' && (
              <ActionButton
                label={`Send again ${eventType} ${deliveryId}`}
                done="The message is sent again."
                onAct={async () => {
                  await client.webhooks.replay.mutate(which);
                  await renew();
                }}
              >
                Send again
              </ActionButton>
            )}
          </Group>
        </Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr>
          <Table.Td colSpan={6}>
            <DeliveryDetail {...which} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

const choices = (Object.keys(statuses) as Status[]).map((value) => ({ value, label: statuses[value].word }));

/** What was sent to a webhook, and what waits, newest first. */
export function Deliveries({ webhook, mayReplay }: { webhook: Webhook; mayReplay: boolean }) {
  const { id: webhookId, projectId } = webhook;
  const [status, setStatus] = useState<Status | null>(null);
  const filter = { projectId, webhookId, ...(status ? { status } : {}) };
  const pages = usePages({
    ...trpc.webhooks.deliveries.infiniteQueryOptions(filter, byCursor),
    refetchInterval: ({ state }) => {
      const isWaiting = state.data?.pages[0]?.items.some((one) => one.status === 'pending');
      return isWaiting ? renewMs.waiting : renewMs.quiet;
    },
  });
  const replayFailed = async () => {
    const { replayed } = await client.webhooks.replay.mutate({
      projectId,
      webhookId,
      sinceAt: new Date(Date.now() - dayMs),
    });
    await renew();
    toast(
      replayed === 0 ? 'Nothing has failed in the last day.' : `${formatCount(replayed)} are sent again.`,
    );
  };
  return (
    <Stack gap="sm">
      <Group align="end" justify="space-between">
        <FilterSelect label="State" all="Any state" data={choices} value={status} onChange={setStatus} />
        {mayReplay && (
          <ConfirmButton
            label="Send again what failed"
            consequence="All that failed in the last 24 hours is sent once more, each under its own id."
            onConfirm={replayFailed}
          />
        )}
      </Group>
      <PagedList
        pages={pages}
        what="the deliveries"
        empty={status ? 'There is no such delivery.' : 'Nothing was sent yet.'}
      >
        {(deliveries) => (
          <div className="table-scroll">
            <Table aria-label="Deliveries">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Event</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Attempts</Table.Th>
                  <Table.Th>Answer</Table.Th>
                  <Table.Th>When</Table.Th>
                  <Table.Th>Action</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {deliveries.map((delivery) => (
                  <Row key={delivery.id} delivery={delivery} projectId={projectId} mayReplay={mayReplay} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </PagedList>
    </Stack>
  );
}
