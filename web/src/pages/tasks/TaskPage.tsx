import { Alert, Button, Text, Title } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { client, trpc } from '../../api.ts';
import { tellFailure } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { later } from '../../kit/later.ts';
import { Markdown } from '../../kit/Markdown.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { toast } from '../../kit/toast.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { Dependencies } from './Dependencies.tsx';
import { TaskFacts } from './TaskFacts.tsx';
import { Waits } from './Waits.tsx';
import { taskPath, tasksPath } from './statuses.tsx';
import { useMilestones } from './useMilestones.ts';
import { useMoves } from './useMoves.ts';

const Discussion = later(() => import('../../threads/Discussion.tsx'), 'Discussion');
const EditTask = later(() => import('./EditTask.tsx'), 'EditTask');

/** One task: how it stands, what it waits for, and what is said about it. */
export default function TaskPage() {
  const { taskId = '' }: { taskId?: string } = useParams({ strict: false });
  return <OneTask key={taskId} taskId={taskId} />;
}

function OneTask({ taskId }: { taskId: string }) {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const { may } = useRights(projectId);
  const [isEditing, setEditing] = useState(false);
  const milestones = useMilestones(projectId).items ?? [];
  const moves = useMoves(projectId);
  const options = trpc.tasks.get.queryOptions({ projectId, taskId });
  const { data, error, refetch } = useQuery(options);
  // Its neighbours stand on the page too.
  useProjectEvents(projectId, ({ type }) => {
    if (type.startsWith('task.') || type === 'resync') renewSoon(options.queryKey);
  });
  const task = data && { ...data, ...moves.shown(data) };
  const one = { projectId, taskId };
  const restore = () => {
    client.tasks.restore.mutate(one).then(() => {
      toast('The task is back.');
      void navigate({ to: taskPath(projectId, taskId) });
    }, tellFailure);
  };
  const remove = async () => {
    await client.tasks.delete.mutate(one);
    toast(`“${task?.title}” is deleted.`, 'done', { label: 'Restore the task', onAct: restore });
    await navigate({ to: tasksPath(projectId) });
  };
  return (
    <ProjectPage
      title={task?.title ?? 'Task'}
      breadcrumbs={[{ label: 'Tasks', to: tasksPath(projectId) }]}
      actions={
        task && (
          <>
            {may('tasks.update') && !isEditing && (
              <Button variant="default" onClick={() => setEditing(true)}>
                Edit the task
              </Button>
            )}
            {may('tasks.delete') && (
              <ConfirmButton
                label="Delete the task"
                consequence="What waits for it waits no longer. It can be restored."
                onConfirm={remove}
              />
            )}
          </>
        )
      }
    >
      {() => {
        if (error && !task) return <FailureNotice error={error} onRetry={refetch} />;
        if (!task) return <Loading what="the task" />;
        if (isEditing)
          return (
            <Suspense fallback={<Loading />}>
              <EditTask task={data} milestones={milestones} onDone={() => setEditing(false)} />
            </Suspense>
          );
        const waits = task.dependsOn.filter(({ status }) => status !== 'COMPLETED');
        return (
          <>
            {task.isBlocked && (
              <Alert
                color="orange"
                variant="light"
                title="It cannot go on yet"
                icon={<IconHourglass aria-hidden />}
              >
                <Waits projectId={projectId} waits={waits} />
              </Alert>
            )}
            <TaskFacts task={task} milestones={milestones} mayMove={may('tasks.update')} moves={moves} />
            <section aria-labelledby="description">
              <Title order={2} size="h4" id="description" mb="xs">
                Description
              </Title>
              {task.description === '' ? (
                <Text c="dimmed" size="sm">
                  Nothing is written yet.
                </Text>
              ) : (
                <Markdown source={task.description} />
              )}
            </section>
            <Dependencies task={task} />
            {may('threads.list') && (
              <section aria-labelledby="discussion">
                <Title order={2} size="h4" id="discussion" mb="xs">
                  Discussion
                </Title>
                <Suspense fallback={<Loading what="the discussion" />}>
                  <Discussion projectId={projectId} subjectType="task" subjectId={taskId} name="the task" />
                </Suspense>
              </section>
            )}
          </>
        );
      }}
    </ProjectPage>
  );
}
