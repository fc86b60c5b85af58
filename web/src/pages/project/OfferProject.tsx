import { Fieldset, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ProjectState } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import type { ActorRef } from '../../kit/Person.tsx';
import { PersonPicker } from '../../kit/PersonPicker.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.projects.transfers.pathKey() });

/** Offers the project to another owner, and shows offers that wait for an answer. */
export function OfferProject({ project: { id: projectId, name } }: { project: ProjectState }) {
  const { data } = useQuery(trpc.projects.transfers.queryOptions({ limit: 200 }));
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('transfer.') || type === 'resync') void renew();
  });
  const initial: { actorId: ActorRef | null } = { actorId: null };
  const form = useForm(initial, async ({ actorId: actor }, reset) => {
    const { status } = await client.projects.transfer.mutate({ projectId, actorId: actor?.id ?? '' });
    await renew();
    reset();
    toast(
      status === 'accepted'
        ? `${name} is ${actor?.name}’s now.`
        : `${actor?.name} is asked whether to take it.`,
    );
  });
  const offers = data?.items.filter((offer) => offer.projectId === projectId) ?? [];
  return (
    <Fieldset legend="Its owner">
      <Stack gap="md">
        <FormBox form={form} submit="Offer the project" label="Its owner">
          <PersonPicker
            label="New owner"
            description="They pay for its jobs once they have accepted. You stay an owner among its members."
            required
            {...form.field('actorId')}
          />
        </FormBox>
        {offers.map(({ id: transferId, to, expiresAt }) => (
          <Group key={transferId} justify="space-between">
            <Text size="sm">
              Offered to {to.name}; the offer ends <Time at={expiresAt} />.
            </Text>
            <ActionButton
              label={`Take back the offer to ${to.name}`}
              done="The offer is taken back."
              onAct={async () => {
                await client.projects.cancelTransfer.mutate({ projectId, transferId });
                await renew();
              }}
            >
              Take back
            </ActionButton>
          </Group>
        ))}
      </Stack>
    </Fieldset>
  );
}
