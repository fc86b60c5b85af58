import { Button, Group } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { later } from '../../kit/later.ts';
import { Person } from '../../kit/Person.tsx';
import { Time } from '../../kit/Time.tsx';
import { useNames } from '../../kit/useNames.ts';
import { Due } from './Due.tsx';
import {
  type Milestone,
  StatusBadge,
  type Task,
  milestonePath,
  nameOfPriority,
  statuses,
} from './statuses.tsx';
import type { Moves } from './useMoves.ts';

/** What opens menus is large. */
const MoveMenu = later(() => import('./MoveMenu.tsx'), 'MoveMenu');

export interface TaskFactsProps {
  task: Task;
  milestones: readonly Milestone[];
  mayMove: boolean;
  moves: Moves;
}

/** How a task stands, who does it and by when. */
export function TaskFacts({ task, milestones, mayMove, moves }: TaskFactsProps) {
  const milestone = milestones.find(({ id }) => id === task.milestoneId);
  const nameOf = useNames([task.createdBy]);
  return (
    <dl className="facts">
      <div>
        <dt>Status</dt>
        <dd>
          <Group gap="xs">
            {mayMove ? (
              <Suspense fallback={<StatusBadge status={task.status} />}>
                <MoveMenu task={task} onMove={(status) => moves.move(task, status)}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    rightSection={<IconChevronDown size={14} aria-hidden />}
                    aria-label={`Status: ${statuses[task.status].word}. Change it`}
                  >
                    {statuses[task.status].word}
                  </Button>
                </MoveMenu>
              </Suspense>
            ) : (
              <StatusBadge status={task.status} />
            )}
            {moves.isMoving(task) && 'Moving…'}
          </Group>
        </dd>
      </div>
      <div>
        <dt>Priority</dt>
        <dd>{nameOfPriority(task.priority)}</dd>
      </div>
      <div>
        <dt>Assignee</dt>
        <dd>{task.assignee ? <Person actor={task.assignee} /> : 'Nobody'}</dd>
      </div>
      <div>
        <dt>Due date</dt>
        <dd>{task.dueAt ? <Due task={task} /> : 'None'}</dd>
      </div>
      <div>
        <dt>Milestone</dt>
        <dd>
          {milestone ? (
            <Link to={milestonePath(task.projectId, milestone.id)} className="text-link">
              {milestone.title}
            </Link>
          ) : (
            'None'
          )}
        </dd>
      </div>
      <div>
        <dt>Made</dt>
        <dd>
          <Time at={task.createdAt} />
          {task.createdBy !== null && nameOf(task.createdBy) !== undefined && ` by ${nameOf(task.createdBy)}`}
        </dd>
      </div>
    </dl>
  );
}
