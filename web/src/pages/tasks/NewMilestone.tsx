import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { dayFromNow } from '../../kit/days.ts';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { MilestoneFields } from './MilestoneFields.tsx';
import { type MilestoneValues, toInput } from './milestoneValues.tsx';
import { milestonePath, milestonesPath, tasksPath } from './statuses.tsx';

const usualDays = 14;

const begin = (): MilestoneValues => ({
  title: '',
  description: '',
  startAt: dayFromNow(0),
  endAt: dayFromNow(usualDays),
  status: 'NOT_STARTED',
});

/** Makes a milestone. */
export default function NewMilestone() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const [initial] = useState(begin);
  const form = useForm(initial, async ({ title, startAt, endAt, ...rest }) => {
    const days = toInput({ startAt, endAt }) as { startAt: Date; endAt: Date };
    const { id } = await client.milestones.create.mutate({ projectId, title, ...toInput(rest), ...days });
    toast('The milestone is there.');
    await navigate({ to: milestonePath(projectId, id) });
  });
  return (
    <ProjectPage
      title="New milestone"
      breadcrumbs={[
        { label: 'Tasks', to: tasksPath(projectId) },
        { label: 'Milestones', to: milestonesPath(projectId) },
      ]}
    >
      {() => (
        <FormBox
          form={form}
          submit="Make the milestone"
          beside={
            <Button component={Link} to={milestonesPath(projectId)} variant="default">
              Cancel
            </Button>
          }
        >
          <MilestoneFields projectId={projectId} form={form} from="NOT_STARTED" />
        </FormBox>
      )}
    </ProjectPage>
  );
}
