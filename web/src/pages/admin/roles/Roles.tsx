import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { client, trpc } from '../../../api.ts';
import { ConfirmButton } from '../../../kit/ConfirmButton.tsx';
import { Page } from '../../../kit/Page.tsx';
import { PagedList } from '../../../kit/PagedList.tsx';
import { Count } from '../../../kit/numbers.tsx';
import { toast } from '../../../kit/toast.ts';
import { byCursor, usePages } from '../../../kit/usePages.ts';
import { useRights } from '../../../kit/useRight.ts';
import { renewPolicy } from '../policy/renewPolicy.ts';
import { EditRole } from './EditRole.tsx';
import { NewRole } from './NewRole.tsx';
import { useLivePolicy } from '../policy/useLivePolicy.ts';

export type Role = Outputs['roles']['list']['items'][number];

async function remove(name: string): Promise<void> {
  await client.roles.delete.mutate({ name });
  toast(`The role ${name} is deleted.`);
  await renewPolicy();
}

/** The roles that can be given: what each is for, what it inherits, how many have it. */
export default function Roles() {
  const pages = usePages(trpc.roles.list.infiniteQueryOptions({ limit: 200 }, byCursor));
  useLivePolicy(null);
  const { may } = useRights();
  const [edited, setEdited] = useState<Role>();
  return (
    <Page
      title="Roles"
      lead="A role held everywhere is given to a person; a role in a project, to its members."
      actions={
        may('actors.list') && (
          <Button component={Link} to="/admin/people" variant="default">
            Give a role to a person
          </Button>
        )
      }
    >
      {may('roles.create') && !edited && <NewRole roles={pages.items ?? []} />}
      {edited && <EditRole key={edited.id} role={edited} onDone={() => setEdited(undefined)} />}
      <PagedList pages={pages} what="the roles" empty="There are no roles.">
        {(roles) => (
          <div className="table-scroll">
            <Table aria-label="Roles">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>Held</Table.Th>
                  <Table.Th>Inherits</Table.Th>
                  <Table.Th>Holders</Table.Th>
                  <Table.Th>Action</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {roles.map((role) => (
                  <Table.Tr key={role.id}>
                    <Table.Td>
                      <Text fw={600}>
                        {role.name}{' '}
                        {role.isBuiltin && (
                          <Badge variant="default" tt="none" component="span">
                            built in
                          </Badge>
                        )}
                      </Text>
                      <Text size="sm">{role.description}</Text>
                    </Table.Td>
                    <Table.Td>{role.scope === 'system' ? 'everywhere' : 'in a project'}</Table.Td>
                    <Table.Td>{role.inherits.join(', ') || 'nothing'}</Table.Td>
                    <Table.Td>{role.holders === null ? 'not told' : <Count value={role.holders} />}</Table.Td>
                    <Table.Td>
                      <Group gap="xs" wrap="nowrap">
                        {may('roles.update') && (
                          <Button
                            size="xs"
                            variant="default"
                            aria-label={`Describe ${role.name}`}
                            onClick={() => setEdited(role)}
                          >
                            Describe
                          </Button>
                        )}
                        {may('roles.delete') && !role.isBuiltin && (
                          <ConfirmButton
                            size="xs"
                            label={`Delete ${role.name}`}
                            consequence="All rules that name it go too. It works only while nobody holds it."
                            onConfirm={() => remove(role.name)}
                          >
                            Delete
                          </ConfirmButton>
                        )}
                      </Group>
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
