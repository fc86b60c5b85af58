import { Button, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Suspense, lazy, useState } from 'react';
import { client, trpc } from '../../api.ts';
import { tellFailure } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { Markdown } from '../../kit/Markdown.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { toast } from '../../kit/toast.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { CriticalPath } from './CriticalPath.tsx';
import { EditMilestone } from './EditMilestone.tsx';
import { ProgressBar } from '../../kit/ProgressBar.tsx';
import { type Milestone, StatusBadge, milestonePath, milestonesPath, tasksPath } from './statuses.tsx';
import { useTaskNews } from './useTaskNews.ts';

const Burndown = lazy(() => import('./Burndown.tsx'));

function Chart({ milestone: { projectId, id, startAt, endAt } }: { milestone: Milestone }) {
  const { data, error, refetch } = useQuery(trpc.tasks.burndown.queryOptions({ projectId, milestoneId: id }));
  const waiting = <Loading what="the chart" />;
  return (
    <section aria-labelledby="burndown">
      <Title order={2} size="h4" id="burndown">
        Burndown
      </Title>
      {error && !data && <FailureNotice error={error} onRetry={refetch} />}
      {!error && !data && waiting}
      {data && (
        <Suspense fallback={waiting}>
          <Burndown days={data} startAt={startAt} endAt={endAt} />
        </Suspense>
      )}
    </section>
  );
}

/** One milestone: its progress, its burndown, and the tasks that decide when it is done. */
export default function MilestonePage() {
  const projectId = useProjectId();
  const { milestoneId = '' }: { milestoneId?: string } = useParams({ strict: false });
  const navigate = useNavigate();
  const { may } = useRights(projectId);
  const [isEditing, setEditing] = useState(false);
  const one = { projectId, milestoneId };
  const options = trpc.milestones.get.queryOptions(one);
  const { data: milestone, error, refetch } = useQuery(options);
  useTaskNews(projectId);
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('milestone.') || type === 'resync') renewSoon(options.queryKey);
  });
  const restore = () => {
    client.milestones.restore.mutate(one).then(() => {
      toast('The milestone is back.');
      void navigate({ to: milestonePath(projectId, milestoneId) });
    }, tellFailure);
  };
  const remove = async () => {
    await client.milestones.delete.mutate(one);
    toast(`“${milestone?.title}” is deleted.`, 'done', { label: 'Restore the milestone', onAct: restore });
    await navigate({ to: milestonesPath(projectId) });
  };
  return (
    <ProjectPage
      title={milestone?.title ?? 'Milestone'}
      breadcrumbs={[
        { label: 'Tasks', to: tasksPath(projectId) },
        { label: 'Milestones', to: milestonesPath(projectId) },
      ]}
      actions={
        milestone && (
          <>
            <Button
              component={Link}
              to={tasksPath(projectId)}
              search={{ milestone: milestoneId } as never}
              variant="default"
            >
              Show its tasks
            </Button>
            {may('milestones.update') && !isEditing && (
              <Button variant="default" onClick={() => setEditing(true)}>
                Edit the milestone
              </Button>
            )}
            {may('milestones.delete') && (
              <ConfirmButton
                label="Delete the milestone"
                consequence="Its tasks stay. It can be restored."
                onConfirm={remove}
              />
            )}
          </>
        )
      }
    >
      {() => {
        if (error && !milestone) return <FailureNotice error={error} onRetry={refetch} />;
        if (!milestone) return <Loading what="the milestone" />;
        if (isEditing) return <EditMilestone milestone={milestone} onDone={() => setEditing(false)} />;
        return (
          <>
            <Group gap="md">
              <StatusBadge status={milestone.status} />
              <Text size="sm">
                <Time at={milestone.startAt} as="date" /> – <Time at={milestone.endAt} as="date" />
              </Text>
              <ProgressBar label="Tasks that are done" value={milestone.progress} />
            </Group>
            {milestone.description !== '' && <Markdown source={milestone.description} />}
            <Chart milestone={milestone} />
            <CriticalPath projectId={projectId} milestoneId={milestoneId} />
          </>
        );
      }}
    </ProjectPage>
  );
}
