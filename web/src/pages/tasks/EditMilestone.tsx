import { Button } from '@mantine/core';
import { client } from '../../api.ts';
import { ClashNotice } from '../../kit/ClashNotice.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useEditForm } from '../../kit/useEditForm.ts';
import { MilestoneFields } from './MilestoneFields.tsx';
import { type MilestoneValues, milestoneFields, toInput, valuesOf } from './milestoneValues.tsx';
import type { Milestone } from './statuses.tsx';

/** Changes a milestone; what others change meanwhile is shown, and nothing is lost. */
export function EditMilestone({ milestone, onDone }: { milestone: Milestone; onDone: () => void }) {
  const { projectId, id: milestoneId } = milestone;
  const edit = useEditForm<MilestoneValues>({
    start: { values: valuesOf(milestone), version: milestone.version },
    save: async (changes, version) => {
      await client.milestones.update.mutate({ projectId, milestoneId, ...toInput(changes), version });
      toast('The milestone is changed.');
    },
    read: async () => {
      const now = await client.milestones.get.query({ projectId, milestoneId });
      return { values: valuesOf(now), version: now.version };
    },
    onDone,
  });
  return (
    <FormBox
      form={edit.form}
      submit="Save"
      label="The milestone"
      beside={
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      }
    >
      <MilestoneFields projectId={projectId} form={edit.form} from={milestone.status} />
      <ClashNotice edit={edit} thing="This milestone" fields={milestoneFields} />
    </FormBox>
  );
}
