import { Badge, Group, Text } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PersonAvatar } from '../../kit/Person.tsx';
import { Due } from './Due.tsx';
import { PriorityBadge, type Task, taskPath } from './statuses.tsx';
import { Waits } from './Waits.tsx';
import type { TaskRef } from './useWaits.ts';

export interface CardProps {
  task: Task;
  waits: readonly TaskRef[];
  /** The milestone's title, where it is not plain. */
  milestone: string | undefined;
  isCritical: boolean;
  isMoving: boolean;
  /** Before and after the title. */
  handle?: ReactNode;
  menu?: ReactNode;
}

/** That a task is on the critical path. */
export const CriticalBadge = () => (
  <Badge
    variant="outline"
    color="grape.8"
    tt="none"
    miw="max-content"
    className="critical-badge"
    leftSection={<IconRoute size={12} aria-hidden />}
  >
    Critical path
  </Badge>
);

/** A task on the board. */
export function Card({ task, waits, milestone, isCritical, isMoving, handle, menu }: CardProps) {
  return (
    <>
      <Group gap={4} wrap="nowrap" align="start">
        {handle}
        <Link to={taskPath(task.projectId, task.id)} className="task-title" draggable={false}>
          {task.title}
        </Link>
        {menu}
      </Group>
      <Group gap={6}>
        {isCritical && <CriticalBadge />}
        <PriorityBadge priority={task.priority} />
        <Due task={task} />
      </Group>
      <Waits projectId={task.projectId} waits={waits} />
      {(task.assignee || milestone !== undefined || isMoving) && (
        <Group gap={6} justify="space-between">
          {task.assignee && (
            <Group gap={4} wrap="nowrap">
              <PersonAvatar name={task.assignee.name} />
              <Text size="sm">{task.assignee.name}</Text>
            </Group>
          )}
          {milestone !== undefined && (
            <Text size="sm" c="dimmed">
              {milestone}
            </Text>
          )}
          {isMoving && (
            <Text size="sm" c="dimmed" fs="italic">
              Moving…
            </Text>
          )}
        </Group>
      )}
    </>
  );
}
