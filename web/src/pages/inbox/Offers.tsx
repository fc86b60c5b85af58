import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { Time } from '../../kit/Time.tsx';
import { toast } from '../../kit/toast.ts';
import { useAccount } from '../../kit/useAccount.ts';

type Transfer = Outputs['projects']['transfers']['items'][number];

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.projects.transfers.pathKey() });

function Offer({ offer, selfId }: { offer: Transfer; selfId: string | undefined }) {
  const { id: transferId, projectId, projectName, from, to, expiresAt } = offer;
  const isToSelf = to.id === selfId;
  const accept = async () => {
    await client.projects.acceptTransfer.mutate({ transferId });
    await renew();
    toast(`${projectName} is ${isToSelf ? 'yours' : `${to.name}’s`} now.`);
  };
  const decline = async () => {
    await client.projects.declineTransfer.mutate({ transferId });
    await renew();
    toast(`${from.name} is told that you declined.`);
  };
  return (
    <Alert
      role="region"
      variant="light"
      title={`${from.name} offers ${isToSelf ? 'you' : to.name} the project “${projectName}”`}
    >
      <Text size="sm">
        Its owner pays for its jobs. The offer ends <Time at={expiresAt} />.
      </Text>
      <Group mt="sm" gap="xs">
        <ConfirmButton
          size="xs"
          label={`Accept ${projectName}`}
          consequence={`Its jobs are charged to ${isToSelf ? 'you' : to.name} from now on.`}
          onConfirm={accept}
        >
          Accept
        </ConfirmButton>
        <ConfirmButton
          size="xs"
          label={`Decline ${projectName}`}
          consequence="Its owner stays the same."
          onConfirm={decline}
        >
          Decline
        </ConfirmButton>
        <Anchor component={Link} to={`/projects/${projectId}`} size="sm" underline="always">
          Look at it
        </Anchor>
      </Group>
    </Alert>
  );
}

/** Offers of projects that wait for one’s own answer, or that of an organization that one owns. */
export function Offers() {
  const { data: account } = useAccount();
  const transfers = useQuery(trpc.projects.transfers.queryOptions({ limit: 200 }));
  const organizations = useQuery(trpc.organizations.list.queryOptions({ limit: 200 }));
  const owned = new Set([
    account?.id,
    ...(organizations.data?.items ?? []).filter(({ role }) => role === 'owner').map(({ id }) => id),
  ]);
  const mine = (transfers.data?.items ?? []).filter(({ to }) => owned.has(to.id));
  if (mine.length === 0) return null;
  return (
    <Stack gap="xs">
      {mine.map((offer) => (
        <Offer key={offer.id} offer={offer} selfId={account?.id} />
      ))}
    </Stack>
  );
}
