import { Badge, Group } from '@mantine/core';
import { IconCircleCheck, IconCircleDot, IconFileOff, IconHistory } from '@tabler/icons-react';
import type { ThreadView } from './useThread.ts';

/** Whether a thread is settled, and whether what it is about has changed: each a word and a sign. */
export function ThreadStatus({ thread }: { thread: Pick<ThreadView, 'status' | 'placement'> }) {
  const isOpen = thread.status === 'open';
  return (
    <Group gap={4} component="span">
      <Badge
        size="sm"
        tt="none"
        variant="light"
        color={isOpen ? 'green' : 'grape'}
        leftSection={
          isOpen ? <IconCircleDot size={12} aria-hidden /> : <IconCircleCheck size={12} aria-hidden />
        }
      >
        {isOpen ? 'Open' : 'Resolved'}
      </Badge>
      {thread.placement === 'outdated' && (
        <Badge
          size="sm"
          tt="none"
          variant="light"
          color="yellow"
          leftSection={<IconHistory size={12} aria-hidden />}
        >
          Outdated
        </Badge>
      )}
      {thread.placement === 'gone' && (
        <Badge
          size="sm"
          tt="none"
          variant="light"
          color="red"
          leftSection={<IconFileOff size={12} aria-hidden />}
        >
          File is gone
        </Badge>
      )}
    </Group>
  );
}
