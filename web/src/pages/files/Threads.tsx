import { Badge, Checkbox, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Outputs } from 'tessera-client';
import { trpc } from '../../api.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { formatCount } from '../../kit/numbers.tsx';
import { useAccount } from '../../kit/useAccount.ts';
import { byCursor, usePages } from '../../kit/usePages.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { subjectOf } from '../../threads/subjectOf.ts';
import { ThreadStatus } from '../../threads/ThreadStatus.tsx';
import { linkToFile } from './places.ts';

type Item = Outputs['threads']['list']['items'][number];

const shows = { open: 'Open', resolved: 'Resolved', all: 'All' } as const;
type Shows = keyof typeof shows;

/** All threads of the project, newest first, each leading to its place. */
export default function Threads() {
  const projectId = useProjectId();
  const ownId = useAccount().data?.id;
  const [show, setShow] = useState<Shows>('open');
  const [isOutdated, setOutdated] = useState(false);
  const [isMine, setMine] = useState(false);
  const options = trpc.threads.list.infiniteQueryOptions(
    {
      projectId,
      ...(show === 'all' ? {} : { status: show }),
      ...(isOutdated ? { placements: ['outdated' as const, 'gone' as const] } : {}),
      ...(isMine && ownId !== undefined ? { authorId: ownId } : {}),
    },
    byCursor,
  );
  const pages = usePages(options);
  useProjectEvents(projectId, ({ type }) => {
    if (/^(thread|comment)\./.test(type) || type === 'resync') renewSoon(options.queryKey);
  });
  return (
    <ProjectPage title="Threads">
      {() => (
        <>
          <Group gap="md" role="group" aria-label="Which threads">
            <SegmentedControl
              aria-label="Status"
              value={show}
              onChange={setShow}
              data={(Object.keys(shows) as Shows[]).map((value) => ({ value, label: shows[value] }))}
            />
            <Checkbox
              label="Outdated only"
              checked={isOutdated}
              onChange={({ currentTarget }) => setOutdated(currentTarget.checked)}
            />
            <Checkbox
              label="Opened by me"
              checked={isMine}
              onChange={({ currentTarget }) => setMine(currentTarget.checked)}
            />
          </Group>
          <PagedList
            pages={pages}
            what="the threads"
            empty="There is no such thread. Choose lines of a file to open one."
          >
            {(items) => (
              <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Threads">
                {items.map((thread) => (
                  <Line key={thread.id} thread={thread} />
                ))}
              </Stack>
            )}
          </PagedList>
        </>
      )}
    </ProjectPage>
  );
}

/** Where a thread is found: beside its lines, or on a page of its own. */
function linkTo({ projectId, id, filePath, lineStart, lineEnd, placement }: Item) {
  if (filePath === null || lineStart === null || lineEnd === null || placement === 'gone')
    return { to: `/projects/${projectId}/threads/${id}` };
  return linkToFile(projectId, { path: filePath, threadId: id, lines: { start: lineStart, end: lineEnd } });
}

const placeOf = (thread: Item) => {
  const { filePath, lineStart, lineEnd } = thread;
  return filePath === null
    ? `About ${subjectOf(thread)?.name}`
    : `${filePath}:${lineStart}${lineEnd === lineStart ? '' : `–${lineEnd}`}`;
};

function Line({ thread }: { thread: Item }) {
  const { title, excerpt, author, createdAt, commentCount, unreadCount, lastCommentAt } = thread;
  return (
    <Paper component="li" withBorder p="sm">
      <Stack gap={4}>
        <Group justify="space-between" gap="xs">
          <Link {...linkTo(thread)} className="text-link" preload={false}>
            {title ?? (excerpt || 'A thread without comments')}
          </Link>
          <Group gap="xs">
            {unreadCount > 0 && (
              <Badge tt="none" color="blue.8">
                {formatCount(unreadCount)} unread
              </Badge>
            )}
            <ThreadStatus thread={thread} />
          </Group>
        </Group>
        {title && excerpt && (
          <Text size="sm" lineClamp={2}>
            {excerpt}
          </Text>
        )}
        <Text size="sm" c="dimmed" className="breaking">
          {placeOf(thread)} · {author?.name ?? 'Somebody who is gone'}, <Time at={createdAt} /> ·{' '}
          {formatCount(commentCount)} {commentCount === 1 ? 'comment' : 'comments'}
          {lastCommentAt && commentCount > 1 && (
            <>
              , last <Time at={lastCommentAt} />
            </>
          )}
        </Text>
      </Stack>
    </Paper>
  );
}
