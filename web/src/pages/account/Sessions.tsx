import { Badge, Table, Text } from '@mantine/core';
import { trpc, client, queryClient } from '../../api.ts';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { Page } from '../../kit/Page.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { toast } from '../../kit/toast.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { describeDevice } from './describeDevice.ts';

async function revoke(sessionId: string): Promise<void> {
  await client.auth.revokeSession.mutate({ sessionId });
  await queryClient.invalidateQueries({ queryKey: trpc.auth.sessions.pathKey() });
  toast('The session has ended.');
}

/** Where one is signed in, and the way to end that. */
export default function Sessions() {
  const pages = usePages(trpc.auth.sessions.infiniteQueryOptions({}, byCursor));
  return (
    <Page title="Sessions" lead="Where you are signed in. A session that you end stops at once.">
      <PagedList pages={pages} what="your sessions" empty="You are signed in nowhere.">
        {(sessions) => (
          <div className="table-scroll">
            <Table aria-label="Sessions">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Device</Table.Th>
                  <Table.Th>Address</Table.Th>
                  <Table.Th>Last seen</Table.Th>
                  <Table.Th>Signed in</Table.Th>
                  <Table.Th>Action</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {sessions.map((session) => {
                  const device = describeDevice(session.userAgent);
                  return (
                    <Table.Tr key={session.id}>
                      <Table.Td title={session.userAgent ?? undefined}>
                        {device} {session.isCurrent && <Badge variant="light">This one</Badge>}
                      </Table.Td>
                      <Table.Td>{session.ipAddress ?? <Text span>unknown</Text>}</Table.Td>
                      <Table.Td>
                        <Time at={session.lastSeenAt} />
                      </Table.Td>
                      <Table.Td>
                        <Time at={session.createdAt} as="date" />
                      </Table.Td>
                      <Table.Td>
                        {!session.isCurrent && (
                          <ConfirmButton
                            size="xs"
                            label={`End the session on ${device}`}
                            consequence="Whoever uses it has to sign in again."
                            onConfirm={() => revoke(session.id)}
                          >
                            End
                          </ConfirmButton>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </PagedList>
    </Page>
  );
}
