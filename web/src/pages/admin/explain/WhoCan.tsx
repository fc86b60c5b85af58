import { Alert, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { trpc } from '../../../api.ts';
import { Empty } from '../../../kit/Empty.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { Person } from '../../../kit/Person.tsx';
import { byCursor } from '../../../kit/usePages.ts';
import { describeSource } from './describe.ts';

/** The people who may call a procedure, and by which roles. */
export function WhoCan({ permission, projectId }: { permission: string; projectId: string | undefined }) {
  const query = useInfiniteQuery(
    trpc.policies.whoCan.infiniteQueryOptions({ permission, ...(projectId ? { projectId } : {}) }, byCursor),
  );
  const everyone = query.data?.pages[0]?.everyone ?? null;
  const pages = {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.data ? undefined : query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
  return (
    <>
      {everyone !== null && (
        <Alert
          color="blue"
          variant="light"
          title={`Everyone ${everyone === 'anonymous' ? '' : 'who is signed in '}may ${permission}.`}
        />
      )}
      <PagedList
        pages={pages}
        what="who can"
        empty={
          <Empty
            message={everyone === null ? `Nobody may ${permission} there.` : 'Nobody has it by another role.'}
          />
        }
      >
        {(holders) => (
          <div className="table-scroll">
            <Table aria-label={`Who may ${permission}`}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>By</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {holders.map(({ actor, roles }) => (
                  <Table.Tr key={actor.id}>
                    <Table.Td>
                      <Person actor={actor} />
                    </Table.Td>
                    <Table.Td>
                      {roles.map((source) => (
                        <Text key={`${source.role} ${source.via}`} size="sm">
                          {source.role}: {describeSource(source)}
                        </Text>
                      ))}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </PagedList>
    </>
  );
}
