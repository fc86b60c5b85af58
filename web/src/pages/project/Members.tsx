import { Group, Select, Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client, trpc } from '../../api.ts';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { explain } from '../../kit/FailureNotice.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { Person } from '../../kit/Person.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { toast } from '../../kit/toast.ts';
import { useAccount } from '../../kit/useAccount.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { byCursor } from '../../kit/usePages.ts';
import { useRights } from '../../kit/useRight.ts';
import { AddMember } from './AddMember.tsx';

interface RoleSelectProps {
  projectId: string;
  actorId: string;
  name: string;
  role: string;
  roles: readonly string[];
}

/** Changes a member's role at once; it shows what the server has, so a refusal leaves it as it was. */
function RoleSelect({ projectId, actorId, name, role, roles }: RoleSelectProps) {
  const change = (to: string | null) => {
    if (to === null || to === role) return;
    client.members.setRole.mutate({ projectId, actorId, role: to }).then(
      () => toast(`${name} is ${to} now.`),
      (error: unknown) => {
        const { message, remedy } = explain(error);
        toast(`${message} ${remedy}`, 'failed');
      },
    );
  };
  return (
    <Select
      aria-label={`Role of ${name}`}
      size="xs"
      allowDeselect={false}
      data={[...new Set([role, ...roles])]}
      value={role}
      onChange={change}
    />
  );
}

/** Who is in the project, and as what; roles of one's own making can be given like the built-in ones. */
export default function Members() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const { data: account } = useAccount();
  const roles = useQuery(trpc.roles.list.queryOptions({ scope: 'project', limit: 200 }));
  const names = roles.data?.items.map(({ name }) => name) ?? [];
  const pages = useLiveList(
    'members',
    projectId,
    trpc.members.list.infiniteQueryOptions({ projectId }, byCursor),
    'last',
  );
  return (
    <ProjectPage title="Members">
      {() => (
        <>
          {may('members.add') && <AddMember projectId={projectId} roles={names} />}
          <PagedList pages={pages} what="the members" empty="Nobody is in this project.">
            {(members) => (
              <div className="table-scroll">
                <Table aria-label="Members">
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Name</Table.Th>
                      <Table.Th>Role</Table.Th>
                      <Table.Th>Since</Table.Th>
                      <Table.Th>Action</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {members.map(({ actor, role, addedAt }) => {
                      const isSelf = actor.id === account?.id;
                      const one = { projectId, actorId: actor.id };
                      return (
                        <Table.Tr key={actor.id}>
                          <Table.Td>
                            <Person actor={actor} />
                          </Table.Td>
                          <Table.Td>
                            {may('members.setRole') ? (
                              <RoleSelect {...one} name={actor.name} role={role} roles={names} />
                            ) : (
                              role
                            )}
                          </Table.Td>
                          <Table.Td>
                            <Time at={addedAt} as="date" />
                          </Table.Td>
                          <Table.Td>
                            <Group gap="xs">
                              {!isSelf && may('members.remove') && (
                                <ConfirmButton
                                  size="xs"
                                  label={`Remove ${actor.name}`}
                                  consequence="They lose what they may do here at once. What they wrote stays."
                                  onConfirm={() => client.members.remove.mutate(one)}
                                >
                                  Remove
                                </ConfirmButton>
                              )}
                              {isSelf && may('members.leave') && (
                                <ConfirmButton
                                  size="xs"
                                  label="Leave the project"
                                  consequence="Somebody else has to add you again."
                                  onConfirm={() => client.members.leave.mutate({ projectId })}
                                >
                                  Leave
                                </ConfirmButton>
                              )}
                            </Group>
                          </Table.Td>
                        </Table.Tr>
                      );
                    })}
                  </Table.Tbody>
                </Table>
              </div>
            )}
          </PagedList>
        </>
      )}
    </ProjectPage>
  );
}
