import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { queryClient, trpc } from '../../api.ts';
import { failureOf } from '../../kit/failureOf.ts';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useLiveJobs } from '../../kit/live/useLiveJobs.ts';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { JobActions } from './JobActions.tsx';
import { JobFacts } from './JobFacts.tsx';
import { Outputs } from './Outputs.tsx';
import { ProgressBar } from '../../kit/ProgressBar.tsx';
import { Segments } from './Segments.tsx';
import { titleOf } from './titleOf.ts';
import { withProgress } from './withProgress.ts';
import { formatCount } from '../../kit/numbers.tsx';

/** One job: how far each stage is, what was found wrong, what it made. */
export default function JobPage() {
  const projectId = useProjectId();
  const { jobId = '' }: { jobId?: string } = useParams({ strict: false });
  const { may } = useRights(projectId);
  const { data, error: latest, refetch } = useQuery(trpc.jobs.get.queryOptions({ projectId, jobId }));
  const error = failureOf({ data, error: latest });
  const told = useLiveJobs(projectId, jobId).state?.get(jobId);
  useProjectEvents(projectId, (event) => {
    const isOfJob = event.type.startsWith('job.') && 'subject' in event && event.subject === `job:${jobId}`;
    if (event.type !== 'resync' && !isOfJob) return;
    void queryClient.invalidateQueries({ queryKey: trpc.jobs.get.queryKey({ projectId, jobId }) });
    void queryClient.invalidateQueries({ queryKey: trpc.jobs.segments.pathKey() });
  });
  const job = data && withProgress(data, told);
  return (
    <ProjectPage
      title={data ? titleOf(data.jobType) : 'Job'}
      breadcrumbs={[{ label: 'Jobs', to: `/projects/${projectId}/jobs` }]}
      actions={job && <JobActions job={job} projectId={projectId} may={may} />}
    >
      {() => {
        if (error) return <FailureNotice error={error} onRetry={refetch} />;
        if (!job) return <Loading what="the job" />;
        const isMoving = job.status === 'running';
        return (
          <>
            <JobFacts job={job} />
            {job.status === 'failed' && job.error && (
              <Alert color="red" variant="light" title={job.error.message}>
                {job.error.code === 'JOB_SEGMENTS_FAILED'
                  ? 'The parts below say why. Retry the job, or one part alone.'
                  : job.error.remedy}
              </Alert>
            )}
            <Paper withBorder p="md" component="section" aria-label="Progress">
              <Stack gap="sm">
                <div>
                  <Text size="sm" fw={600}>
                    The whole job
                  </Text>
                  <ProgressBar label="The whole job" value={job.progress} isMoving={isMoving} />
                </div>
                {isMoving && (
                  <Text size="sm" c="dimmed" aria-live="polite">
                    {job.message ?? 'It is being worked on.'}
                  </Text>
                )}
                {job.stages.map(({ name, progress, segments }) => (
                  <div key={name}>
                    <Text size="sm">
                      {name}
                      {segments &&
                        `: ${formatCount(segments.completed)} of ${formatCount(segments.total)} parts done${segments.failed > 0 ? `, ${formatCount(segments.failed)} failed` : ''}`}
                    </Text>
                    <ProgressBar
                      label={`Stage ${name}`}
                      value={progress}
                      isMoving={isMoving && progress < 100}
                    />
                  </div>
                ))}
              </Stack>
            </Paper>
            {job.status === 'completed' && <Outputs outputs={job.outputs} projectId={projectId} />}
            {job.stages.some(({ segments }) => segments !== null) && (
              <section aria-labelledby="parts">
                <Title order={2} size="h3" id="parts" mb="xs">
                  Parts
                </Title>
                <Segments job={job} projectId={projectId} mayRetry={may('jobs.retrySegment')} />
              </section>
            )}
          </>
        );
      }}
    </ProjectPage>
  );
}
