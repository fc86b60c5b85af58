import { TagsInput, TextInput } from '@mantine/core';
import { MemberPicker } from '../../kit/MemberPicker.tsx';
import type { Form } from '../../kit/useForm.ts';
import { MarkdownField } from '../../threads/MarkdownField.tsx';
import type { IssueValues } from './issueValues.tsx';
import { useLabels } from './useLabels.ts';

/** The fields of an issue, of a new one or one that is edited. */
export function IssueFields({ projectId, form }: { projectId: string; form: Form<IssueValues> }) {
  const known = useLabels(projectId);
  return (
    <>
      <TextInput label="Title" required {...form.field('title')} />
      <MarkdownField
        projectId={projectId}
        label="Description"
        description="Markdown; @ mentions somebody, # and a number another issue"
        minRows={6}
        {...form.field('body')}
      />
      <TagsInput
        label="Labels"
        description="Enter adds what is written"
        data={known.map(({ label }) => label)}
        maxTags={20}
        clearable
        clearButtonProps={{ 'aria-label': 'Clear labels' }}
        {...form.field('labels')}
      />
      <MemberPicker
        projectId={projectId}
        label="Assignee"
        placeholder="Nobody"
        {...form.field('assigneeId')}
      />
    </>
  );
}
