import { Group } from '@mantine/core';
import { IconCircleCheck, IconCircleDot, IconFileOff, IconHistory } from '@tabler/icons-react';
import { Sign } from '../kit/Sign.tsx';
import type { ThreadView } from './useThread.ts';

/** Whether a thread is settled, and whether what it is about has changed: each a word and a sign. */
export function ThreadStatus({ thread }: { thread: Pick<ThreadView, 'status' | 'placement'> }) {
  return (
    <Group gap={4} component="span">
      {thread.status === 'open' ? (
        <Sign size="sm" word="Open" color="green" Icon={IconCircleDot} />
      ) : (
        <Sign size="sm" word="Resolved" color="grape" Icon={IconCircleCheck} />
      )}
      {thread.placement === 'outdated' && (
        <Sign size="sm" word="Outdated" color="yellow" Icon={IconHistory} />
      )}
      {thread.placement === 'gone' && <Sign size="sm" word="File is gone" color="red" Icon={IconFileOff} />}
    </Group>
  );
}
