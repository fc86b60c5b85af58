import { Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Outputs, ProjectState } from 'tessera-client';
import { client, noteFailure, trpc } from '../../api.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { Time } from '../../kit/Time.tsx';
import { useLiveJobs } from '../../kit/live/useLiveJobs.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { formatShare } from '../../kit/numbers.tsx';
import { useForm } from '../../kit/useForm.ts';
import { useRights } from '../../kit/useRight.ts';

type Sync = Outputs['repositories']['syncs']['items'][number];

const isOver = (status: string) => ['completed', 'failed', 'cancelled'].includes(status);

/** The newest sync, whoever asked for it; undefined while it is not known, null when there was none. */
function useNewestSync(projectId: string): Sync | null | undefined {
  const { may } = useRights(projectId);
  const options = trpc.repositories.syncs.queryOptions({ projectId, limit: 1 });
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('job.') || type === 'resync') renewSoon(options.queryKey);
  });
  const { data } = useQuery({ ...options, enabled: may('repositories.syncs') });
  return data && (data.items[0] ?? null);
}

function SyncProgress({ projectId, sync }: { projectId: string; sync: Sync }) {
  const progress = useLiveJobs(projectId, sync.id).state?.get(sync.id);
  const value = progress?.progress ?? sync.progress;
  const stage = progress?.stage ?? '';
  return (
    <Stack gap={4} w="min(24rem, 100%)">
      <Text size="sm" role="status">
        {progress?.status === 'queued'
          ? 'Waiting for its turn'
          : `Reading the repository${stage && `: ${stage}`}`}
        {` · ${formatShare(value / 100)}`}
      </Text>
      <Progress value={value} aria-label="Progress of the sync" />
    </Stack>
  );
}

/** Asks where the repository is. */
function RepositoryForm({ projectId }: { projectId: string }) {
  const form = useForm({ repositoryUrl: '' }, async ({ repositoryUrl }) => {
    await client.projects.update.mutate({ projectId, repositoryUrl });
  });
  return (
    <FormBox form={form} submit="Save the address" label="Repository">
      <TextInput
        label="Address of the repository"
        description="Such as https://example.org/team/project.git"
        required
        {...form.field('repositoryUrl')}
      />
    </FormBox>
  );
}

/** Reads the repository anew, and shows how far that is. Before the first sync it explains itself. */
export function SyncBox({ project, isFirst }: { project: ProjectState; isFirst: boolean }) {
  const projectId = project.id;
  const { may } = useRights(projectId);
  const sync = useNewestSync(projectId);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const isRunning = sync ? !isOver(sync.status) : false;
  const ask = () => {
    setBusy(true);
    setError(undefined);
    client.repositories.sync
      .mutate({ projectId, mutationId: crypto.randomUUID() })
      .catch((caught: unknown) => {
        setError(caught);
        noteFailure(caught);
      })
      .finally(() => setBusy(false));
  };
  if (!project.repositoryUrl && !isFirst) return null;
  if (!project.repositoryUrl && may('projects.update'))
    return (
      <Stack>
        <Text>Say where the project’s files are: the address of its git repository.</Text>
        <RepositoryForm projectId={projectId} />
      </Stack>
    );
  return (
    <Stack gap="xs" align={isFirst ? 'center' : 'stretch'}>
      {isFirst && (
        <Text ta="center" maw="34rem">
          The files have not been read yet. A sync reads them from the project’s repository; then everybody
          here can look at them, and open threads on their lines. Later syncs keep threads at their lines.
        </Text>
      )}
      <Group gap="sm">
        {isRunning && sync ? (
          <SyncProgress projectId={projectId} sync={sync} />
        ) : (
          may('repositories.sync') && (
            <Button
              variant={isFirst ? 'filled' : 'default'}
              loading={isBusy}
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={ask}
            >
              Sync
            </Button>
          )
        )}
        {!isRunning && sync?.finishedAt && (
          <Text size="sm" c="dimmed">
            Last sync {sync.status === 'completed' ? 'done' : sync.status} <Time at={sync.finishedAt} />
          </Text>
        )}
      </Group>
      {isFirst && !may('repositories.sync') && (
        <Text c="dimmed">Ask a developer of the project to sync it.</Text>
      )}
      {!isRunning && sync?.error && (
        <Text role="alert" c="var(--mantine-color-error)">
          {sync.error.message} {sync.error.remedy}
        </Text>
      )}
      {error !== undefined && <FailureNotice error={error} />}
    </Stack>
  );
}
