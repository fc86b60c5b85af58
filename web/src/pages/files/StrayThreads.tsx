import { Stack, Text, Title } from '@mantine/core';
import { ThreadCard } from './ThreadCard.tsx';
import type { ShownThread } from './useFileThreads.ts';

export interface StrayThreadsProps {
  threads: readonly ShownThread[];
  openThreadId: string | undefined;
  onOpenThread: (id: string | undefined) => void;
}

/** Threads that have no lines here any more, with what they were opened on. */
export function StrayThreads({ threads, openThreadId, onOpenThread }: StrayThreadsProps) {
  if (threads.length === 0) return null;
  return (
    <Stack component="section" gap="xs" aria-label="Threads without a place" maw="44rem">
      <Title order={2} size="h4">
        Threads without a place
      </Title>
      <Text size="sm" c="dimmed">
        What they were about is not in the file any more, or the file is gone.
      </Text>
      {threads.map((shown) => {
        const { id } = shown.thread;
        const isOpen = id === openThreadId;
        return (
          <ThreadCard
            key={id}
            shown={shown}
            isOpen={isOpen}
            onToggle={() => onOpenThread(isOpen ? undefined : id)}
          />
        );
      })}
    </Stack>
  );
}
