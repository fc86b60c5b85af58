import { Code, Table } from '@mantine/core';
import { queryClient } from '../../api.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useRight } from '../../kit/useRight.ts';
import { type Noun, clientOf, idOf, many, trpcOf } from './nouns.ts';

/** What was deleted of a kind, and can be taken back. */
export function DeletedList({ noun, projectId }: { noun: Noun; projectId: string }) {
  const mayRestore = useRight(`${noun.list}.restore`, projectId);
  const options = trpcOf(noun).list.infiniteQueryOptions({ projectId, deleted: true }, byCursor);
  const pages = usePages(options);
  const renew = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  useProjectEvents(projectId, ({ type }) => {
    if ([`${noun.name}.deleted`, `${noun.name}.restored`, 'resync'].includes(type)) void renew();
  });
  const restore = async (id: string) => {
    await clientOf(noun).restore.mutate({ projectId, ...idOf(noun, id) });
    await renew();
  };
  return (
    <PagedList pages={pages} what={`deleted ${many(noun)}`} empty={`No ${many(noun)} are deleted.`}>
      {(items) => (
        <div className="table-scroll">
          <Table aria-label={`Deleted ${many(noun)}`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Identifier</Table.Th>
                <Table.Th>Deleted</Table.Th>
                <Table.Th>Action</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map(({ id, name, identifier, deletedAt }) => (
                <Table.Tr key={id}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    <Code>{identifier}</Code>
                  </Table.Td>
                  <Table.Td>{deletedAt && <Time at={deletedAt} />}</Table.Td>
                  <Table.Td>
                    {mayRestore && (
                      <ActionButton
                        label={`Restore ${name}`}
                        done={`${name} is back.`}
                        onAct={() => restore(id)}
                      >
                        Restore
                      </ActionButton>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </PagedList>
  );
}
