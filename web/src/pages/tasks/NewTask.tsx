import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { TaskFields } from './TaskFields.tsx';
import { taskPath, tasksPath } from './statuses.tsx';
import { type TaskValues, toInput } from './taskValues.tsx';
import { useMilestones } from './useMilestones.ts';
import { useTaskFilter } from './useTaskFilter.ts';

/** Makes a task. */
export default function NewTask() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [{ milestone }] = useTaskFilter();
  const milestones = useMilestones(projectId).items ?? [];
  const initial: TaskValues = {
    title: '',
    description: '',
    priority: 'MEDIUM',
    assigneeId: null,
    dueAt: '',
    milestoneId: milestone ?? null,
  };
  const form = useForm(initial, async ({ title, ...values }) => {
    const { id } = await client.tasks.create.mutate({ projectId, title, ...toInput(values) });
    toast('The task is there.');
    await navigate({ to: taskPath(projectId, id) });
  });
  return (
    <ProjectPage title="New task" breadcrumbs={[{ label: 'Tasks', to: tasksPath(projectId) }]}>
      {() => (
        <FormBox
          form={form}
          submit="Make the task"
          beside={
            <Button component={Link} to={tasksPath(projectId)} variant="default">
              Cancel
            </Button>
          }
        >
          <TaskFields projectId={projectId} form={form} milestones={milestones} />
        </FormBox>
      )}
    </ProjectPage>
  );
}
