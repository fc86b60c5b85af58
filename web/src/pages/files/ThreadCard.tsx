import { Button, CloseButton, Group, Paper, Stack, Text } from '@mantine/core';
import { Suspense, lazy, useEffect, useRef } from 'react';
import { Loading } from '../../kit/Loading.tsx';
import { Markdown } from '../../kit/Markdown.tsx';
import { PersonAvatar } from '../../kit/Person.tsx';
import { Time } from '../../kit/Time.tsx';
import { ThreadStatus } from '../../threads/ThreadStatus.tsx';
import { TypingNote } from '../../threads/TypingNote.tsx';
import { AnchorText } from './AnchorText.tsx';
import type { ShownThread } from './useFileThreads.ts';
import { FileLink } from './FileLink.tsx';
import { nameLines } from './places.ts';

/** A whole thread is much, and few are open. */
const Thread = lazy(async () => ({ default: (await import('../../threads/Thread.tsx')).Thread }));

export interface ThreadCardProps {
  shown: ShownThread;
  isOpen: boolean;
  onToggle: () => void;
}

/** What a thread is called here: by its lines. */
export const nameThread = ({ lineStart, lineEnd, placement }: ShownThread['thread']): string =>
  lineStart === null || lineEnd === null || placement === 'gone'
    ? 'the thread without a place'
    : `the thread on ${nameLines({ start: lineStart, end: lineEnd })}`;

/** A thread beside its lines: in short, or whole when it is open. */
export function ThreadCard({ shown, isOpen, onToggle }: ThreadCardProps) {
  const { thread, comments, hasEarlierComments } = shown;
  const { projectId, id, lineStart, lineEnd, filePath } = thread;
  const name = nameThread(thread);
  const button = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    // The button that was pressed has made room for the other.
    if (wasOpen.current !== isOpen) button.current?.focus({ preventScroll: true });
    wasOpen.current = isOpen;
  }, [isOpen]);
  const place =
    lineStart !== null && lineEnd !== null && filePath !== null && thread.placement !== 'gone' ? (
      <FileLink
        projectId={projectId}
        place={{ path: filePath, threadId: id, lines: { start: lineStart, end: lineEnd } }}
      >
        {capitalize(nameLines({ start: lineStart, end: lineEnd }))}
      </FileLink>
    ) : null;
  if (isOpen)
    return (
      <Paper withBorder shadow="md" p="xs" className="thread-card">
        <Suspense fallback={<Loading what={name} />}>
          <Thread
            projectId={projectId}
            threadId={id}
            name={name}
            height="20rem"
            before={
              <>
                <CloseButton ref={button} size="sm" aria-label={`Close ${name}`} onClick={onToggle} />
                {place}
              </>
            }
            about={<AnchorText thread={thread} />}
          />
        </Suspense>
      </Paper>
    );
  const [first] = hasEarlierComments ? [] : comments;
  const newest = comments.at(-1);
  const others = comments.length - 1;
  return (
    <Paper
      withBorder
      p="xs"
      className="thread-card"
      role="group"
      aria-label={capitalize(name)}
      data-thread={id}
    >
      <Stack gap={4}>
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            {place}
            <ThreadStatus thread={thread} />
          </Group>
          <Button
            ref={button}
            size="compact-xs"
            variant="default"
            aria-label={`Open ${name}`}
            onClick={onToggle}
          >
            Open
          </Button>
        </Group>
        {thread.title && <Text fw={600}>{thread.title}</Text>}
        <Group gap="xs">
          <PersonAvatar name={thread.author?.name ?? '?'} />
          <Text size="sm" fw={600}>
            {thread.author?.name ?? 'Somebody who is gone'}
          </Text>
          <Text size="xs" c="dimmed">
            <Time at={thread.createdAt} />
          </Text>
        </Group>
        {first && (
          <div className="clamped">
            <Markdown source={first.body} />
          </div>
        )}
        {newest && newest !== first && (
          <Text size="sm" c="dimmed" lineClamp={2}>
            {hasEarlierComments ? 'Many answers' : `${others} ${others === 1 ? 'answer' : 'answers'}`}, last
            by {newest.author?.name ?? 'somebody'}: {newest.body}
          </Text>
        )}
        <TypingNote projectId={projectId} threadId={id} />
      </Stack>
    </Paper>
  );
}

const capitalize = (text: string) => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
