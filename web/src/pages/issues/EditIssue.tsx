import { Button } from '@mantine/core';
import { client } from '../../api.ts';
import { ClashNotice } from '../../kit/ClashNotice.tsx';
import { FormBox } from '../../kit/FormBox.tsx';
import { toast } from '../../kit/toast.ts';
import { useEditForm } from '../../kit/useEditForm.ts';
import { IssueFields } from './IssueFields.tsx';
import { type Issue, type IssueValues, issueFields, toInput, valuesOf } from './issueValues.tsx';

/** Changes an issue; what others change meanwhile is shown, and nothing is lost. */
export function EditIssue({ issue, onDone }: { issue: Issue; onDone: () => void }) {
  const { projectId, id: issueId } = issue;
  const edit = useEditForm<IssueValues>({
    start: { values: valuesOf(issue), version: issue.version },
    save: async (changes, version) => {
      await client.issues.update.mutate({ projectId, issueId, ...toInput(changes), version });
      toast('The issue is changed.');
    },
    read: async () => {
      const now = await client.issues.get.query({ projectId, issueId });
      return { values: valuesOf(now), version: now.version };
    },
    onDone,
  });
  return (
    <FormBox
      form={edit.form}
      submit="Save"
      label="The issue"
      beside={
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      }
    >
      <IssueFields projectId={projectId} form={edit.form} />
      <ClashNotice edit={edit} thing="This issue" fields={issueFields} />
    </FormBox>
  );
}
