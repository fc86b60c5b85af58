import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { client } from '../../api.ts';
import { FormBox } from '../../kit/FormBox.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { toast } from '../../kit/toast.ts';
import { useForm } from '../../kit/useForm.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { IssueFields } from './IssueFields.tsx';
import { type IssueValues, issuePath, issuesPath, toInput } from './issueValues.tsx';

const initial: IssueValues = { title: '', body: '', labels: [], assigneeId: null };

/** Opens an issue. */
export default function NewIssue() {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const form = useForm(initial, async ({ title, ...values }) => {
    const { number } = await client.issues.create.mutate({ projectId, title, ...toInput(values) });
    toast(`Issue ${number} is open.`);
    await navigate({ to: issuePath(projectId, number) });
  });
  return (
    <ProjectPage title="New issue" breadcrumbs={[{ label: 'Issues', to: issuesPath(projectId) }]}>
      {() => (
        <FormBox
          form={form}
          submit="Open the issue"
          beside={
            <Button component={Link} to={issuesPath(projectId)} variant="default">
              Cancel
            </Button>
          }
        >
          <IssueFields projectId={projectId} form={form} />
        </FormBox>
      )}
    </ProjectPage>
  );
}
