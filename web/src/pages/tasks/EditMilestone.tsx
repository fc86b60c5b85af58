import { client } from '../../api.ts';
import { EditBox } from '../../kit/EditBox.tsx';
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
    <EditBox edit={edit} noun="milestone" fields={milestoneFields} onDone={onDone}>
      <MilestoneFields projectId={projectId} form={edit.form} from={milestone.status} />
    </EditBox>
  );
}
