import { Button, Divider, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Inputs } from 'tessera-client';
import { queryClient, trpc } from '../api.ts';
import { FailureNotice } from '../kit/FailureNotice.tsx';
import { Loading } from '../kit/Loading.tsx';
import { useProjectEvents } from '../kit/live/useLiveProject.ts';
import { byCursor } from '../kit/usePages.ts';
import { useRight } from '../kit/useRight.ts';
import { Composer } from './Composer.tsx';
import { outbox } from './Outbox.ts';
import { Thread } from './Thread.tsx';
import { UnsentItem } from './UnsentItem.tsx';
import { useUnsent } from './useUnsent.ts';

export interface DiscussionProps {
  projectId: string;
  subjectType: NonNullable<Inputs['threads']['create']['subjectType']>;
  subjectId: string;
  /** What is discussed, as in “Comment on issue 12”. */
  name: string;
}

/** What is said about an issue, a task or anything else that threads can be about; the first comment opens it. */
export function Discussion({ projectId, subjectType, subjectId, name }: DiscussionProps) {
  const mayOpen = useRight('threads.create', projectId);
  const [isAdding, setAdding] = useState(false);
  const options = trpc.threads.list.infiniteQueryOptions(
    { projectId, subjectType, subjectId, limit: 50 },
    byCursor,
  );
  const query = useInfiniteQuery(options);
  const threads = query.data?.pages.flatMap(({ items }) => items).toReversed();
  const known = new Set(threads?.map(({ id }) => id));
  const opening = useUnsent().filter(
    ({ opens, threadId }) => opens?.subjectId === subjectId && !known.has(threadId),
  );
  useProjectEvents(projectId, (event) => {
    if (/^thread\.(created|deleted|restored)$/.test(event.type) || event.type === 'resync')
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  if (query.error && !threads) return <FailureNotice error={query.error} onRetry={() => query.refetch()} />;
  if (!threads) return <Loading what="the discussion" />;
  const isFirst = threads.length + opening.length === 0;
  const open = (body: string) => {
    const threadId = crypto.randomUUID();
    outbox.add({ projectId, threadId, body, opens: { subjectType, subjectId } });
    setAdding(false);
  };
  return (
    <Stack gap="md">
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show earlier threads
        </Button>
      )}
      {threads.map((thread, index) => (
        <Stack key={thread.id} gap="md">
          {index > 0 && <Divider />}
          <Thread
            projectId={projectId}
            threadId={thread.id}
            name={threads.length === 1 ? name : `${name}, thread ${index + 1}`}
          />
        </Stack>
      ))}
      {opening.map((unsent) => (
        <UnsentItem key={unsent.mutationId} unsent={unsent} />
      ))}
      {mayOpen && (isFirst || isAdding) && (
        <Composer
          key={`subject:${subjectId}`}
          projectId={projectId}
          draft={`subject:${subjectId}`}
          label={`Comment on ${name}`}
          submit="Comment"
          onSubmit={open}
          {...(isFirst ? {} : { onCancel: () => setAdding(false) })}
        />
      )}
      {mayOpen && !isFirst && !isAdding && (
        <div>
          <Button size="xs" variant="default" onClick={() => setAdding(true)}>
            Open another thread
          </Button>
        </div>
      )}
    </Stack>
  );
}
