import { Badge, Code, Table, Text } from '@mantine/core';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { client, queryClient, trpc } from '../../api.ts';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { Page } from '../../kit/Page.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time, isPast } from '../../kit/Time.tsx';
import { toast } from '../../kit/toast.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { MadeKey } from './MadeKey.tsx';
import { NewKey } from './NewKey.tsx';

type ApiKey = Outputs['apiKeys']['list']['items'][number];

const renew = () => queryClient.invalidateQueries({ queryKey: trpc.apiKeys.list.pathKey() });

async function revoke({ id, name }: ApiKey): Promise<void> {
  await client.apiKeys.revoke.mutate({ apiKeyId: id });
  await renew();
  toast(`The key ${name} is revoked.`);
}

function Standing({ apiKey: { revokedAt, expiresAt } }: { apiKey: ApiKey }) {
  if (revokedAt)
    return (
      <Badge variant="light" color="gray">
        Revoked
      </Badge>
    );
  if (expiresAt && isPast(expiresAt))
    return (
      <Badge variant="light" color="gray">
        Expired
      </Badge>
    );
  return (
    <Badge variant="light" color="green">
      Works
    </Badge>
  );
}

/** Keys for programs that act as oneself. */
export default function ApiKeys() {
  const pages = usePages(trpc.apiKeys.list.infiniteQueryOptions({}, byCursor));
  const [made, setMade] = useState<string>();
  return (
    <Page title="API keys" lead="With a key a program acts as you, within the key's scopes.">
      {made === undefined ? (
        <NewKey
          onMade={(key) => {
            setMade(key);
            void renew();
          }}
        />
      ) : (
        <MadeKey value={made} onDone={() => setMade(undefined)} />
      )}
      <PagedList pages={pages} what="your keys" empty="You have no keys yet.">
        {(keys) => (
          <div className="table-scroll">
            <Table aria-label="API keys">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Begins with</Table.Th>
                  <Table.Th>Scopes</Table.Th>
                  <Table.Th>Last used</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Action</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {keys.map((apiKey) => (
                  <Table.Tr key={apiKey.id}>
                    <Table.Td>{apiKey.name}</Table.Td>
                    <Table.Td>
                      <Code>{apiKey.prefix}…</Code>
                    </Table.Td>
                    <Table.Td>{apiKey.scopes.join(', ')}</Table.Td>
                    <Table.Td>
                      {apiKey.lastUsedAt ? <Time at={apiKey.lastUsedAt} /> : <Text span>never</Text>}
                    </Table.Td>
                    <Table.Td>
                      <Standing apiKey={apiKey} />
                    </Table.Td>
                    <Table.Td>
                      {!apiKey.revokedAt && (
                        <ConfirmButton
                          size="xs"
                          label={`Revoke ${apiKey.name}`}
                          consequence="Programs that use it are refused at once. This cannot be undone."
                          onConfirm={() => revoke(apiKey)}
                        >
                          Revoke
                        </ConfirmButton>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </PagedList>
    </Page>
  );
}
