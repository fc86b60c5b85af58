import { Anchor, Group, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { trpc } from '../../api.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { formatCount, formatShare } from '../../kit/numbers.tsx';
import { byCursor } from '../../kit/usePages.ts';
import type { BoardProps } from './Board.tsx';
import { CriticalBadge } from './Card.tsx';
import { Due } from './Due.tsx';
import {
  PriorityBadge,
  StatusBadge,
  type Task,
  byUrgency,
  milestonePath,
  statusNames,
  taskPath,
} from './statuses.tsx';
import { Waits } from './Waits.tsx';
import { inputOf, isAmong } from './useTaskFilter.ts';
import { useCriticalPath, useWaits } from './useWaits.ts';

interface RowsProps {
  projectId: string;
  label: string;
  tasks: readonly Task[];
  critical: ReadonlySet<string>;
}

const inOrder = (a: Task, b: Task) =>
  statusNames.indexOf(a.status) - statusNames.indexOf(b.status) || byUrgency(a, b);

function Rows({ projectId, label, tasks, critical }: RowsProps) {
  const waitsOf = useWaits(projectId, tasks);
  return (
    <div className="table-scroll">
      <Table aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Task</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Assignee</Table.Th>
            <Table.Th>Due</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tasks.toSorted(inOrder).map((task) => (
            <Table.Tr key={task.id}>
              <Table.Td miw={200} className="breaking">
                <Group gap="xs">
                  <Anchor component={Link} to={taskPath(projectId, task.id)}>
                    {task.title}
                  </Anchor>
                  {critical.has(task.id) && <CriticalBadge />}
                  <PriorityBadge priority={task.priority} />
                </Group>
                <Waits projectId={projectId} waits={waitsOf(task.id)} />
              </Table.Td>
              <Table.Td>
                <StatusBadge status={task.status} />
              </Table.Td>
              <Table.Td>{task.assignee?.name ?? 'Nobody'}</Table.Td>
              <Table.Td miw={130}>{task.dueAt ? <Due task={task} /> : 'No date'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** The tasks by milestone; those of none come last. */
export function TaskList({ projectId, filter, milestones }: BoardProps) {
  const live = useLiveList(
    'tasks',
    projectId,
    trpc.tasks.list.infiniteQueryOptions({ projectId, ...inputOf(filter), limit: 200 }, byCursor),
    'first',
  );
  const path = useCriticalPath(projectId, filter.milestone);
  const critical = new Set(
    path.data && path.data.tasks.length > 1 ? path.data.tasks.map(({ id }) => id) : [],
  );
  const items = live.items?.filter((task) => isAmong(task, filter));
  const known = new Set(milestones.map(({ id }) => id));
  return (
    <PagedList pages={{ ...live, items }} what="the tasks" empty="There are no such tasks.">
      {(tasks) => {
        const outside = tasks.filter(({ milestoneId }) => milestoneId === null || !known.has(milestoneId));
        return (
          <Stack gap="lg">
            {milestones.map(({ id, title, progress }) => {
              const own = tasks.filter(({ milestoneId }) => milestoneId === id);
              if (own.length === 0) return null;
              return (
                <section key={id} aria-labelledby={`of-${id}`}>
                  <Group gap="sm" mb="xs">
                    <Title order={2} size="h4" id={`of-${id}`}>
                      <Anchor component={Link} to={milestonePath(projectId, id)} inherit>
                        {title}
                      </Anchor>
                    </Title>
                    <Text size="sm" c="dimmed">
                      {formatCount(own.length)} shown, {formatShare(progress / 100)} of the milestone done
                    </Text>
                  </Group>
                  <Rows projectId={projectId} label={`Tasks of ${title}`} tasks={own} critical={critical} />
                </section>
              );
            })}
            {outside.length > 0 && (
              <section aria-labelledby="of-none">
                <Title order={2} size="h4" id="of-none" mb="xs">
                  No milestone
                </Title>
                <Rows
                  projectId={projectId}
                  label="Tasks of no milestone"
                  tasks={outside}
                  critical={critical}
                />
              </section>
            )}
          </Stack>
        );
      }}
    </PagedList>
  );
}
