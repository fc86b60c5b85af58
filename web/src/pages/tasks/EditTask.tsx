import { Button } from '@mantine/core';
import { client } from '../../api.ts';
import { ClashNotice } from '../../kit/ClashNotice.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useEditForm } from '../../kit/useEditForm.ts';
import { TaskFields } from './TaskFields.tsx';
import type { Milestone, Task } from './statuses.tsx';
import { type TaskValues, taskFields, toInput, valuesOf } from './taskValues.tsx';

export interface EditTaskProps {
  task: Task;
  milestones: readonly Milestone[];
  onDone: () => void;
}

/** Changes a task; what others change meanwhile is shown, and nothing is lost. */
export function EditTask({ task, milestones, onDone }: EditTaskProps) {
  const { projectId, id: taskId } = task;
  const edit = useEditForm<TaskValues>({
    start: { values: valuesOf(task), version: task.version },
    save: async (changes, version) => {
      await client.tasks.update.mutate({ projectId, taskId, ...toInput(changes), version });
      toast('The task is changed.');
    },
    read: async () => {
      const now = await client.tasks.get.query({ projectId, taskId });
      return { values: valuesOf(now), version: now.version };
    },
    onDone,
  });
  return (
    <FormBox
      form={edit.form}
      submit="Save"
      label="The task"
      beside={
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      }
    >
      <TaskFields projectId={projectId} form={edit.form} milestones={milestones} />
      <ClashNotice edit={edit} thing="This task" fields={taskFields(milestones)} />
    </FormBox>
  );
}
