import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { client, queryClient, trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { ActionButton } from '../../kit/ActionButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Bytes } from '../../kit/numbers.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { ImportRun } from './ImportRun.tsx';
import { PatternPage } from './PatternPage.tsx';

/** An import: tried without consequence, run, and what became of its rows; live. */
export default function ImportPage() {
  const projectId = useProjectId();
  const { importId = '' }: { importId?: string } = useParams({ strict: false });
  const { may } = useRights(projectId);
  const options = trpc.patternImports.get.queryOptions({ projectId, importId });
  const { data, error: latest, refetch } = useQuery(options);
  const error = failureOf({ data, error: latest });
  const renew = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  useProjectEvents(projectId, ({ type }) => {
    if (type === 'patternImport.completed' || type === 'job.queued' || type === 'resync') void renew();
  });
  const run = async (dryRun: boolean) => {
    await client.patternImports.run.mutate({ projectId, importId, dryRun });
    await renew();
  };
  return (
    <PatternPage
      title="Import"
      breadcrumbs={[{ label: 'Imports', to: `/projects/${projectId}/patterns/imports` }]}
      actions={
        data &&
        may('patternImports.run') && (
          <>
            <ActionButton size="sm" label="Try it" onAct={() => run(true)} />
            <ActionButton size="sm" variant="filled" label="Import" onAct={() => run(false)} />
          </>
        )
      }
    >
      {() => {
        if (error) return <FailureNotice error={error} onRetry={refetch} />;
        if (!data) return <Loading what="the import" />;
        return (
          <Stack>
            <Text>
              <Bytes value={data.sizeBytes} /> uploaded <Time at={data.createdAt} />
              {data.source && `, from ${data.source}`}. Trying it says what would happen, and changes nothing.
            </Text>
            {data.runs.length === 0 && <Text c="dimmed">It has not been run yet.</Text>}
            {data.runs.map((one) => (
              <ImportRun
                key={one.id}
                projectId={projectId}
                run={one}
                mayRead={may('patternImports.rejections')}
              />
            ))}
          </Stack>
        );
      }}
    </PatternPage>
  );
}
