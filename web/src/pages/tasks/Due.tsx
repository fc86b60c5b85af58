import { Text } from '@mantine/core';
import { IconCalendar, IconCalendarExclamation } from '@tabler/icons-react';
import { Time, isPast } from '../../kit/Time.tsx';
import type { Task } from './statuses.tsx';

/** When a task is due, and whether that is over; nothing without a date. */
export function Due({ task: { dueAt, status } }: { task: Pick<Task, 'dueAt' | 'status'> }) {
  if (!dueAt) return null;
  const isLate = status !== 'COMPLETED' && isPast(dueAt);
  const Icon = isLate ? IconCalendarExclamation : IconCalendar;
  return (
    <Text span size="sm" c={isLate ? 'var(--mantine-color-error)' : 'dimmed'} className="with-icon">
      <Icon size={14} aria-hidden />
      {isLate ? 'Late: ' : 'Due '}
      <Time at={dueAt} as="date" />
    </Text>
  );
}
