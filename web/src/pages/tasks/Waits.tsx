import { Text } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { taskPath } from './statuses.tsx';
import type { TaskRef } from './useWaits.ts';

/** What a task waits for, each leading there; nothing when it waits for nothing. */
export function Waits({ projectId, waits }: { projectId: string; waits: readonly TaskRef[] }) {
  if (waits.length === 0) return null;
  return (
    <Text size="sm" className="breaking">
      <IconHourglass size={14} aria-hidden className="in-line" /> Waits for{' '}
      {waits.map(({ id, title }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <Link to={taskPath(projectId, id)} className="text-link">
            {title}
          </Link>
        </span>
      ))}
    </Text>
  );
}
