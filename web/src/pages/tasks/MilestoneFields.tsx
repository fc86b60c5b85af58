import { Group, Select, TextInput } from '@mantine/core';
import type { Form } from '../../kit/useForm.ts';
import { MarkdownField } from '../../threads/MarkdownField.tsx';
import type { MilestoneValues } from './milestoneValues.tsx';
import { type Status, statusNames, statuses, whyNot } from './statuses.tsx';

export interface MilestoneFieldsProps {
  projectId: string;
  form: Form<MilestoneValues>;
  /** From where the status may go on. */
  from: Status;
}

/** The fields of a milestone, of a new one or one that is edited. */
export function MilestoneFields({ projectId, form, from }: MilestoneFieldsProps) {
  return (
    <>
      <TextInput label="Title" required {...form.field('title')} />
      <MarkdownField
        projectId={projectId}
        label="Description"
        description="Markdown; @ mentions somebody"
        {...form.field('description')}
      />
      <Group grow align="start" preventGrowOverflow={false}>
        <TextInput label="First day" type="date" required {...form.field('startAt')} />
        <TextInput label="Last day" type="date" required {...form.field('endAt')} />
      </Group>
      <Select
        label="Status"
        allowDeselect={false}
        data={statusNames.map((value) => ({
          value,
          label: statuses[value].word,
          disabled: whyNot(from, value) !== undefined,
        }))}
        {...form.field('status')}
        onChange={(status) => status && form.set({ status })}
      />
    </>
  );
}
