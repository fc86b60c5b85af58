import { Group, Select, TextInput } from '@mantine/core';
import { MemberPicker } from '../../kit/MemberPicker.tsx';
import type { Form } from '../../kit/useForm.ts';
import { MarkdownField } from '../../threads/MarkdownField.tsx';
import { type Milestone, priorities } from './statuses.tsx';
import type { TaskValues } from './taskValues.tsx';

export interface TaskFieldsProps {
  projectId: string;
  form: Form<TaskValues>;
  milestones: readonly Milestone[];
}

/** The fields of a task, of a new one or one that is edited. */
export function TaskFields({ projectId, form, milestones }: TaskFieldsProps) {
  return (
    <>
      <TextInput label="Title" required {...form.field('title')} />
      <MarkdownField
        projectId={projectId}
        label="Description"
        description="Markdown; @ mentions somebody"
        minRows={4}
        {...form.field('description')}
      />
      <Group grow align="start" preventGrowOverflow={false}>
        <Select
          label="Priority"
          allowDeselect={false}
          data={[...priorities]}
          {...form.field('priority')}
          onChange={(priority) => priority && form.set({ priority })}
        />
        <TextInput label="Due date" type="date" {...form.field('dueAt')} />
      </Group>
      <Group grow align="start" preventGrowOverflow={false}>
        <MemberPicker
          projectId={projectId}
          label="Assignee"
          placeholder="Nobody"
          {...form.field('assigneeId')}
        />
        <Select
          label="Milestone"
          placeholder="None"
          clearable
          searchable
          clearButtonProps={{ 'aria-label': 'Clear milestone' }}
          data={milestones.map(({ id, title }) => ({ value: id, label: title }))}
          {...form.field('milestoneId')}
        />
      </Group>
    </>
  );
}
