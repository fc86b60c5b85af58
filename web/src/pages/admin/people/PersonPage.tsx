import { Anchor, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { client, queryClient, trpc } from '../../../api.ts';
import { ConfirmButton } from '../../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../../kit/FailureNotice.tsx';
import { Loading } from '../../../kit/Loading.tsx';
import { Page } from '../../../kit/Page.tsx';
import { Time } from '../../../kit/Time.tsx';
import { toast } from '../../../kit/toast.ts';
import { useAccount } from '../../../kit/useAccount.ts';
import { useRights } from '../../../kit/useRight.ts';
import { Facts } from '../Facts.tsx';
import { GrantCredits } from './GrantCredits.tsx';
import { type Account, PersonState } from './PersonState.tsx';
import { SystemRole } from './SystemRole.tsx';

const above = [{ label: 'People', to: '/admin/people' }];

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.actors.list.pathKey() });

function Stopping({ person }: { person: Account }) {
  const { may } = useRights();
  const { id: actorId, name } = person;
  if (person.suspendedAt)
    return (
      may('actors.unsuspend') && (
        <ConfirmButton
          label={`Let ${name} act again`}
          consequence="They can sign in again, and have all the rights that they had."
          onConfirm={async () => {
            await client.actors.unsuspend.mutate({ actorId });
            toast(`${name} can act again.`);
            await renew();
          }}
        />
      )
    );
  return (
    may('actors.suspend') && (
      <ConfirmButton
        label={`Suspend ${name}`}
        consequence="They can do nothing but sign out, at once and everywhere: what they have open stops, and so do their API keys. What they wrote stays. It can be lifted."
        onConfirm={async () => {
          await client.actors.suspend.mutate({ actorId });
          toast(`${name} is suspended.`);
          await renew();
        }}
      />
    )
  );
}

function Deletion({ person: { id: actorId, name } }: { person: Account }) {
  const { may } = useRights();
  if (!may('actors.delete') || !may('actors.list')) return null;
  return (
    <ConfirmButton
      label={`Delete ${name}`}
      color="red.9"
      variant="filled"
      consequence="Their name, address and everything that tells who they were are removed for good. What they wrote stays, as written by a deleted account. This cannot be undone."
      onConfirm={async () => {
        await client.actors.delete.mutate({ actorId });
        toast(`The account of ${name} is deleted.`);
        await renew();
      }}
    />
  );
}

function Whole({ person }: { person: Account }) {
  const { may } = useRights();
  const { data: account } = useAccount();
  const isPerson = person.actorType === 'person';
  const isSelf = account?.id === person.id;
  return (
    <Stack gap="md">
      <Paper withBorder p="md">
        <Facts
          facts={[
            ['State', <PersonState key="state" person={person} />],
            ['Username', `@${person.username}`],
            ['Address', person.email ?? 'none'],
            ['ORCID', person.orcid ?? 'none'],
            ['Account since', <Time key="since" at={person.createdAt} as="date" />],
            ['Last seen', person.lastSeenAt ? <Time key="seen" at={person.lastSeenAt} /> : 'not lately'],
            ['Roles held everywhere', person.systemRoles.join(', ') || 'none'],
          ]}
        />
      </Paper>
      {isPerson && may(['roles.assign', 'roles.unassign']) && <SystemRole person={person} onDone={renew} />}
      {may('credits.grant') && <GrantCredits actorId={person.id} name={person.name} />}
      {may('payments.listAll') && (
        <Anchor component={Link} to={`/admin/payments?actorId=${person.id}`} style={{ alignSelf: 'start' }}>
          What {person.name} has bought
        </Anchor>
      )}
      {may('audit.system') && (
        <Anchor component={Link} to={`/admin/audit?actorId=${person.id}`} style={{ alignSelf: 'start' }}>
          What {person.name} has done, in the audit log
        </Anchor>
      )}
      {isSelf ? (
        <Text size="sm">This is your own account: another administrator has to suspend or delete it.</Text>
      ) : (
        <Group gap="xs">
          <Stopping person={person} />
          {isPerson && <Deletion person={person} />}
        </Group>
      )}
    </Stack>
  );
}

/** One account: what it may, how it stands, and what an administrator can do about it. */
export default function PersonPage() {
  const { actorId = '' }: { actorId?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(trpc.actors.list.queryOptions({ actorId }));
  const person = data?.items[0];
  return (
    <Page title={person?.name ?? (data ? 'Nobody is here' : 'A person')} breadcrumbs={above}>
      {error && <FailureNotice error={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading what="the person" />}
      {data && !person && <Text>There is no such account, or it was deleted.</Text>}
      {person && <Whole person={person} />}
    </Page>
  );
}
