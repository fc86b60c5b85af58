import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { queryClient, trpc } from '../../api.ts';
import { Bytes } from '../../kit/numbers.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { NewImport } from './NewImport.tsx';
import { PatternPage } from './PatternPage.tsx';

/** Imports of patterns from CSV files, and a new one. */
export default function Imports() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const options = trpc.patternImports.list.infiniteQueryOptions({ projectId }, byCursor);
  const pages = usePages(options);
  useProjectEvents(projectId, ({ type }) => {
    if (type === 'patternImport.completed' || type === 'resync')
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  return (
    <PatternPage
      title="Imports"
      lead="Fields, collections and models from CSV files, as Airtable exports them."
    >
      {() => (
        <>
          {may('patternImports.create') && <NewImport projectId={projectId} />}
          <PagedList pages={pages} what="the imports" empty="Nothing has been imported yet.">
            {(items) => (
              <div className="table-scroll">
                <Table aria-label="Imports">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Import</Table.Th>
                      <Table.Th>Source</Table.Th>
                      <Table.Th>Size</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map(({ id, source, sizeBytes, createdAt }) => (
                      <Table.Tr key={id}>
                        <Table.Td>
                          <Anchor component={Link} to={`/projects/${projectId}/patterns/imports/${id}`}>
                            <Time at={createdAt} as="moment" />
                          </Anchor>
                        </Table.Td>
                        <Table.Td>{source}</Table.Td>
                        <Table.Td>
                          <Bytes value={sizeBytes} />
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </div>
            )}
          </PagedList>
        </>
      )}
    </PatternPage>
  );
}
