import { client } from '../../api.ts';
import { EditBox } from '../../kit/EditBox.tsx';
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
    <EditBox edit={edit} noun="issue" fields={issueFields} onDone={onDone}>
      <IssueFields projectId={projectId} form={edit.form} />
    </EditBox>
  );
}
