import { Anchor, Button, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Empty } from '../../kit/Empty.tsx';
import { PagedList } from '../../kit/PagedList.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { ProgressBar } from '../../kit/ProgressBar.tsx';
import { StatusBadge, milestonePath, milestonesPath, tasksPath } from './statuses.tsx';
import { useMilestones } from './useMilestones.ts';

/** The project's milestones with how far each is, live. */
export default function Milestones() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const pages = useMilestones(projectId);
  const make = may('milestones.create') && (
    <Button component={Link} to={`${milestonesPath(projectId)}/new`}>
      New milestone
    </Button>
  );
  return (
    <ProjectPage
      title="Milestones"
      breadcrumbs={[{ label: 'Tasks', to: tasksPath(projectId) }]}
      actions={make}
    >
      {() => (
        <PagedList
          pages={pages}
          what="the milestones"
          empty={
            <Empty message="There are no milestones yet. A milestone gathers tasks with a common end." />
          }
        >
          {(milestones) => (
            <div className="table-scroll">
              <Table aria-label="Milestones">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Milestone</Table.Th>
                    <Table.Th>Status</Table.Th>
                    <Table.Th>Tasks done</Table.Th>
                    <Table.Th>First day</Table.Th>
                    <Table.Th>Last day</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {milestones.map(({ id, title, status, progress, startAt, endAt }) => (
                    <Table.Tr key={id}>
                      <Table.Td miw={160} className="breaking">
                        <Anchor component={Link} to={milestonePath(projectId, id)} fw={600}>
                          {title}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>
                        <StatusBadge status={status} />
                      </Table.Td>
                      <Table.Td>
                        <ProgressBar label={`Tasks of ${title} that are done`} value={progress} />
                      </Table.Td>
                      <Table.Td miw={110}>
                        <Time at={startAt} as="date" />
                      </Table.Td>
                      <Table.Td miw={110}>
                        <Time at={endAt} as="date" />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          )}
        </PagedList>
      )}
    </ProjectPage>
  );
}
