import { Anchor, Group, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { trpc } from '../../../api.ts';
import { useQuery } from '@tanstack/react-query';
import { FilterSelect } from '../../../kit/FilterSelect.tsx';
import { Page } from '../../../kit/Page.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { Time } from '../../../kit/Time.tsx';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { PersonState } from './PersonState.tsx';

const kinds = [
  { value: 'person', label: 'People' },
  { value: 'organization', label: 'Organizations' },
] as const;
const states = [
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
  { value: 'unverified', label: 'Address not confirmed' },
] as const;

type Kind = (typeof kinds)[number]['value'];
type State = (typeof states)[number]['value'];

/** Everybody with an account, and organizations; the newest first. */
export default function People() {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 200);
  const [kind, setKind] = useState<Kind | null>(null);
  const [state, setState] = useState<State | null>(null);
  const [role, setRole] = useState<string | null>(null);
  const roles = useQuery(trpc.roles.list.queryOptions({ scope: 'system', limit: 200 }));
  const filter = {
    ...(text && { text }),
    ...(kind && { kind }),
    ...(state && { state }),
    ...(role && { role }),
  };
  const pages = usePages(trpc.actors.list.infiniteQueryOptions({ ...filter, limit: 50 }, byCursor));
  return (
    <Page title="People">
      <Group align="end" gap="sm">
        <TextInput
          label="Find by name, username or address"
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <FilterSelect label="Kind" all="All kinds" data={kinds} value={kind} onChange={setKind} />
        <FilterSelect
          label="Role"
          all="All roles"
          data={roles.data?.items.map(({ name }) => name) ?? []}
          value={role}
          onChange={setRole}
        />
        <FilterSelect label="State" all="All states" data={states} value={state} onChange={setState} />
      </Group>
      <PagedList pages={pages} what="the people" empty="Nobody is like this.">
        {(people) => (
          <div className="table-scroll">
            <Table aria-label="People">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Address</Table.Th>
                  <Table.Th>Roles</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Last seen</Table.Th>
                  <Table.Th>Since</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {people.map((person) => (
                  <Table.Tr key={person.id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/admin/people/${person.id}`}>
                        {person.name}
                      </Anchor>{' '}
                      <Text span c="dimmed" size="sm">
                        @{person.username}
                      </Text>
                    </Table.Td>
                    <Table.Td>{person.email ?? '–'}</Table.Td>
                    <Table.Td>{person.systemRoles.join(', ') || '–'}</Table.Td>
                    <Table.Td>
                      <PersonState person={person} />
                    </Table.Td>
                    <Table.Td>{person.lastSeenAt ? <Time at={person.lastSeenAt} /> : 'not lately'}</Table.Td>
                    <Table.Td>
                      <Time at={person.createdAt} as="date" />
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
