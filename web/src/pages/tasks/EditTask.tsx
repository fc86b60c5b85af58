import { client } from '../../api.ts';
import { EditBox } from '../../kit/EditBox.tsx';
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
    <EditBox edit={edit} noun="task" fields={taskFields(milestones)} onDone={onDone}>
      <TaskFields projectId={projectId} form={edit.form} milestones={milestones} />
    </EditBox>
  );
}
