import { Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '../../api.ts';
import { Loading } from '../../kit/Loading.tsx';
import { Page } from '../../kit/Page.tsx';
import { useAccount } from '../../kit/useAccount.ts';
import { Balance } from './Balance.tsx';
import { History } from './History.tsx';
import { Holds } from './Holds.tsx';
import { Packages } from './Packages.tsx';
import { Purchases } from './Purchases.tsx';

/** What one's account has, what became of it, and how to buy more; also those of organizations that one owns. */
export default function CreditsPage() {
  const { data: account } = useAccount();
  const organizations = useQuery(trpc.organizations.list.queryOptions({ limit: 200 }));
  const [chosen, setChosen] = useState<string | null>(null);
  const owned = (organizations.data?.items ?? []).filter(({ role }) => role === 'owner');
  const actorId = chosen ?? account?.id;
  return (
    <Page title="Credits" lead="They pay for the jobs of an owner’s projects.">
      {account && owned.length > 0 && (
        <Select
          label="Account"
          maw={360}
          allowDeselect={false}
          data={[
            { value: account.id, label: `${account.name} (you)` },
            ...owned.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={actorId ?? null}
          onChange={setChosen}
        />
      )}
      {actorId === undefined ? (
        <Loading what="your account" />
      ) : (
        <>
          <Balance actorId={actorId} />
          <Packages actorId={actorId} />
          <Tabs defaultValue="history" keepMounted={false}>
            <Tabs.List aria-label="What became of the credits">
              <Tabs.Tab value="history">History</Tabs.Tab>
              <Tabs.Tab value="holds">Held for jobs</Tabs.Tab>
              <Tabs.Tab value="purchases">Purchases</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="history" pt="md">
              <History actorId={actorId} />
            </Tabs.Panel>
            <Tabs.Panel value="holds" pt="md">
              <Holds actorId={actorId} />
            </Tabs.Panel>
            <Tabs.Panel value="purchases" pt="md">
              <Purchases actorId={actorId} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Page>
  );
}
