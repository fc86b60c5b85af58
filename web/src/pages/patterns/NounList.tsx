import { Anchor, Button, Code, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../../kit/Empty.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { byCursor } from '../../kit/usePages.ts';
import { useRight } from '../../kit/useRight.ts';
import { type Noun, many, pathOf, trpcOf } from './nouns.ts';

export interface NounListProps {
  noun: Noun;
  projectId: string;
  /** Those of a category; null: of none; undefined: all. */
  categoryId: string | null | undefined;
}

/** The patterns of a kind, newest first, live. */
export function NounList({ noun, projectId, categoryId }: NounListProps) {
  const mayCreate = useRight(`${noun.list}.create`, projectId);
  const input = { projectId, limit: 100, ...(categoryId === undefined ? {} : { categoryId }) };
  const options = trpcOf(noun).list.infiniteQueryOptions(input, byCursor);
  // Told as one of them: it is the same for each.
  const live = useLiveList(noun.list as 'fields', projectId, options, 'first');
  // What is new comes to every list, and what was moved elsewhere stays: only those of the category are shown.
  const items = live.items?.filter(
    (item) => categoryId === undefined || (item.categoryId ?? null) === categoryId,
  );
  return (
    <PagedList
      pages={{ ...live, items }}
      what={`the ${many(noun)}`}
      empty={
        <Empty message={`There are no ${many(noun)} here yet.`}>
          {mayCreate && (
            <Button component={Link} to={`${pathOf(projectId, noun)}/new`} variant="default">
              Make the first {noun.one}
            </Button>
          )}
        </Empty>
      }
    >
      {(patterns) => (
        <div className="table-scroll">
          <Table aria-label={noun.label}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Identifier</Table.Th>
                <Table.Th>Description</Table.Th>
                <Table.Th>Changed</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {patterns.map(({ id, name, identifier, description, updatedAt }) => (
                <Table.Tr key={id}>
                  <Table.Td>
                    <Anchor component={Link} to={pathOf(projectId, noun, id)} fw={600}>
                      {name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <Code>{identifier}</Code>
                  </Table.Td>
                  <Table.Td>
                    <Text lineClamp={2}>{description}</Text>
                  </Table.Td>
                  <Table.Td>
                    <Time at={updatedAt} />
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
