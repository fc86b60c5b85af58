import { Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { formatCount } from '../../kit/numbers.tsx';
import { StatusBadge, taskPath } from './statuses.tsx';
import { useCriticalPath } from './useWaits.ts';

const days = (count: number) => `${formatCount(count)} ${count === 1 ? 'day' : 'days'}`;

/** The chain of open tasks that decides when a milestone is done, first what has to be done first. */
export function CriticalPath({ projectId, milestoneId }: { projectId: string; milestoneId: string }) {
  const { data } = useCriticalPath(projectId, milestoneId);
  if (!data) return null;
  return (
    <section aria-labelledby="critical-path">
      <Title order={2} size="h4" id="critical-path">
        Critical path
      </Title>
      {data.tasks.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing is left to do.
        </Text>
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            The longest chain of open tasks: {days(data.days)}. A delay of any of them delays the end.
          </Text>
          <ol className="critical-path">
            {data.tasks.map((task) => (
              <li key={task.id}>
                <Group gap="xs">
                  <Link to={taskPath(projectId, task.id)} className="text-link">
                    {task.title}
                  </Link>
                  <StatusBadge status={task.status} />
                  <Text size="sm" c="dimmed">
                    {days(task.days)}
                    {task.assignee && `, ${task.assignee.name}`}
                  </Text>
                </Group>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
