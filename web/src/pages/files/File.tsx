import { Alert, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { readFailure } from 'tessera-client';
import { queryClient, trpc } from '../../api.ts';
import { Empty } from '../../kit/Empty.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { FileLink } from './FileLink.tsx';
import { FileText } from './FileText.tsx';
import { PeopleHere } from './PeopleHere.tsx';
import { StrayThreads } from './StrayThreads.tsx';
import { type FilePlace, linkToFile, useFilePlace } from './places.ts';
import { type ShownThread, useFileThreads } from './useFileThreads.ts';
import { useManifest } from './useFiles.ts';

const shows = { open: 'Open', resolved: 'Resolved', all: 'All' } as const;
type Shows = keyof typeof shows;

/** A file with its threads. */
export default function File() {
  const place = useFilePlace();
  const projectId = useProjectId();
  const { path } = place;
  const crumbs = [{ label: 'Files', to: `/projects/${projectId}/files` }];
  return (
    <ProjectPage
      title={path}
      breadcrumbs={crumbs}
      actions={<PeopleHere key={path} projectId={projectId} path={path} />}
    >
      {() => <Content key={`${path}@${place.version}`} projectId={projectId} place={place} />}
    </ProjectPage>
  );
}

function Content({ projectId, place }: { projectId: string; place: FilePlace }) {
  const { path, version, threadId } = place;
  const navigate = useNavigate();
  const isWide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false });
  const [show, setShow] = useState<Shows>('all');
  const manifest = useManifest(projectId);
  const options = trpc.repositories.file.queryOptions({
    projectId,
    path,
    ...(version === undefined ? {} : { version }),
  });
  const file = useQuery(options);
  useProjectEvents(projectId, ({ type }) => {
    if (version === undefined && (type === 'manifest.created' || type === 'resync'))
      void queryClient.invalidateQueries({ queryKey: options.queryKey });
  });
  const { threads, error } = useFileThreads(projectId, path);
  const isOld = version !== undefined && manifest.data !== undefined && version !== manifest.data.version;
  const placed = useMemo(
    () => (isOld ? asOf(threads ?? [], path, version) : (threads ?? [])),
    [threads, isOld, path, version],
  );
  const counts = { open: 0, resolved: 0, all: placed.length };
  for (const { thread } of placed) counts[thread.status] += 1;
  const wanted = placed.filter(
    ({ thread }) => show === 'all' || thread.status === show || thread.id === threadId,
  );
  const lineCount = file.data?.lines ?? 0;
  const stray = wanted.filter((shown) => !hasPlace(shown, lineCount));
  const openThread = (id: string | undefined) =>
    void navigate({
      ...linkToFile(projectId, { ...place, threadId: id }),
      replace: true,
      resetScroll: false,
    } as never);
  if (path === '') return <Empty message="The address names no file." />;
  if (file.isPending) return <Loading what="the file" />;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label="Threads"
            value={show}
            onChange={setShow}
            data={(Object.keys(shows) as Shows[]).map((value) => ({
              value,
              label: `${shows[value]} ${counts[value]}`,
            }))}
          />
          <Text size="sm" c="dimmed">
            {file.data &&
              `${file.data.lines} ${file.data.lines === 1 ? 'line' : 'lines'}, version ${file.data.version}`}
          </Text>
        </Group>
        {!isOld && file.data && (
          <FileLink projectId={projectId} place={{ path, version: file.data.version, lines: place.lines }}>
            Lasting link to this version
          </FileLink>
        )}
      </Group>
      {isOld && (
        <Alert color="yellow" title={`This is version ${version}`}>
          Threads stand here where they were opened.{' '}
          <FileLink projectId={projectId} place={{ path, threadId }}>
            See the latest version
          </FileLink>
        </Alert>
      )}
      {error !== undefined && <FailureNotice error={error} />}
      {file.data ? (
        <FileText
          key={file.data.path}
          file={file.data}
          projectId={projectId}
          threads={wanted.filter((shown) => hasPlace(shown, lineCount))}
          known={threads ?? []}
          openThreadId={threadId}
          onOpenThread={openThread}
          isWide={isWide ?? true}
        />
      ) : (
        <NoText error={file.error} onRetry={() => file.refetch()} />
      )}
      <StrayThreads threads={stray} openThreadId={threadId} onOpenThread={openThread} />
    </Stack>
  );
}

function NoText({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const code = readFailure(error)?.code;
  if (code === 'FILE_NOT_IN_MANIFEST')
    return <Empty message="The file is not in this version: it was moved or removed." />;
  return <FailureNotice error={error} onRetry={onRetry} />;
}

/** Whether a thread stands at lines of the text that is shown. */
const hasPlace = ({ thread }: ShownThread, lines: number) =>
  thread.placement !== 'gone' && thread.lineEnd !== null && thread.lineEnd <= Math.max(lines, 1);

/** Threads as they stood in an old version: those that were opened on it. */
const asOf = (threads: readonly ShownThread[], path: string, version: number | undefined): ShownThread[] =>
  threads.flatMap((shown) => {
    const { anchor } = shown.thread;
    if (!anchor || anchor.version !== version || anchor.path !== path) return [];
    const { lineStart, lineEnd } = anchor;
    return [{ ...shown, thread: { ...shown.thread, lineStart, lineEnd, placement: 'current' } }];
  });
