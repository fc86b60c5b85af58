import { Button, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, Suspense, useMemo, useState } from 'react';
import { client, noteFailure } from '../api.ts';
import { Empty } from '../kit/Empty.tsx';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { Loading } from '../kit/Loading.tsx';
import { MenuToCome } from '../kit/MenuToCome.tsx';
import { later } from '../kit/later.ts';
import { useRights } from '../kit/useRight.ts';
import { CommentList } from './CommentList.tsx';
import { Composer } from './Composer.tsx';
import { outbox } from './Outbox.ts';
import { ThreadStatus } from './ThreadStatus.tsx';
import { UnsentItem } from './UnsentItem.tsx';
import { TypingNote } from './TypingNote.tsx';
import { useMarkRead } from './useMarkRead.ts';
import { useThread } from './useThread.ts';
import { useSayTyping } from './useTyping.ts';
import { useUnsentComments } from './useUnsent.ts';

/** What opens menus is large. */
const ThreadMenu = later(() => import('./ThreadMenu.tsx'), 'ThreadMenu');

export interface ThreadProps {
  projectId: string;
  threadId: string;
  /** What it is about, as in “Thread on line 12”: the region's name, and part of its buttons'. */
  name: string;
  /** Height of the window onto a long thread, as CSS writes it. */
  height?: string;
  /** At the beginning of its first line, such as a link to its place. */
  before?: ReactNode;
  /** Between its first line and the comments, such as the text that it is about. */
  about?: ReactNode;
  /** Whether the field for a comment has the focus when it appears. */
  autoFocus?: boolean;
}

/** A thread with its comments, live, and what one may do in it. Needs nothing but to know which. */
export function Thread({
  projectId,
  threadId,
  name,
  height = '26rem',
  before,
  about,
  autoFocus,
}: ThreadProps) {
  const { may } = useRights(projectId);
  const live = useThread(projectId, threadId);
  const { thread, comments } = live;
  const known = useMemo(() => new Set(comments.map(({ id }) => id)), [comments]);
  const unsent = useUnsentComments(threadId, known);
  const end = useMarkRead(projectId, threadId, comments.at(-1));
  const sayTyping = useSayTyping(projectId, threadId);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  const run = (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    work()
      .catch((caught: unknown) => {
        setError(caught);
        noteFailure(caught);
      })
      .finally(() => setBusy(false));
  };
  const one = { projectId, threadId };
  if (live.error !== undefined) return <FailureNotice error={live.error} />;
  if (thread === undefined) return <Loading what="the thread" />;
  if (thread === null)
    return (
      <Empty message="This thread has been deleted.">
        {may('threads.restore') && (
          <Button
            variant="default"
            loading={isBusy}
            onClick={() => run(() => client.threads.restore.mutate(one))}
          >
            Restore the thread
          </Button>
        )}
        {error !== undefined && <FailureNotice error={error} />}
        {unsent.map((each) => (
          <UnsentItem key={each.mutationId} unsent={each} />
        ))}
      </Empty>
    );
  const isOpen = thread.status === 'open';
  return (
    <section aria-label={name} className="thread" data-thread={threadId}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Group gap="xs">
            {before}
            <ThreadStatus thread={thread} />
          </Group>
          <Group gap={4} wrap="nowrap">
            {may(isOpen ? 'threads.resolve' : 'threads.reopen') && (
              <Button
                size="compact-sm"
                variant="default"
                loading={isBusy}
                aria-label={`${isOpen ? 'Resolve' : 'Reopen'} ${name}`}
                onClick={() =>
                  run(() => (isOpen ? client.threads.resolve.mutate(one) : client.threads.reopen.mutate(one)))
                }
              >
                {isOpen ? 'Resolve' : 'Reopen'}
              </Button>
            )}
            <Suspense fallback={<MenuToCome />}>
              <ThreadMenu thread={thread} name={name} />
            </Suspense>
          </Group>
        </Group>
        {thread.title && <Text fw={600}>{thread.title}</Text>}
        {error !== undefined && <FailureNotice error={error} />}
        {about}
        <CommentList
          projectId={projectId}
          comments={comments}
          unsent={unsent}
          hasEarlier={live.hasEarlier}
          isLoadingEarlier={live.isLoadingEarlier}
          onEarlier={live.loadEarlier}
          height={height}
        />
        <div ref={end}>
          <TypingNote projectId={projectId} threadId={threadId} />
        </div>
        {may('comments.add') ? (
          <Composer
            key={`thread:${threadId}`}
            projectId={projectId}
            draft={`thread:${threadId}`}
            label={`Comment on ${name}`}
            submit="Comment"
            onSubmit={(body) => void outbox.add({ projectId, threadId, body, opens: null })}
            onTyping={sayTyping}
            autoFocus={autoFocus ?? false}
          />
        ) : (
          <Text size="sm" c="dimmed">
            Your role here lets you read, not comment.
          </Text>
        )}
      </Stack>
    </section>
  );
}
