import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { client, trpc } from '../../api.ts';
import { ActionButton, tellFailure } from '../../kit/ActionButton.tsx';
import { ConfirmButton } from '../../kit/ConfirmButton.tsx';
import { FailureNotice } from '../../kit/FailureNotice.tsx';
import { Loading } from '../../kit/Loading.tsx';
import { later } from '../../kit/later.ts';
import { Markdown } from '../../kit/Markdown.tsx';
import { Person } from '../../kit/Person.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { useProjectEvents } from '../../kit/live/useLiveProject.ts';
import { renewSoon } from '../../kit/renewSoon.ts';
import { toast } from '../../kit/toast.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { IssueState, Labels } from './IssueState.tsx';
import { References } from './References.tsx';
import { issuePath, issuesPath } from './issueValues.tsx';

const Discussion = later(() => import('../../threads/Discussion.tsx'), 'Discussion');
const EditIssue = later(() => import('./EditIssue.tsx'), 'EditIssue');

/** One issue with its discussion; its address has its number, or its id where only that is known. */
export default function IssuePage() {
  const { number = '' }: { number?: string } = useParams({ strict: false });
  return <OneIssue key={number} address={number} />;
}

function OneIssue({ address }: { address: string }) {
  const projectId = useProjectId();
  const navigate = useNavigate();
  const { may } = useRights(projectId);
  const [isEditing, setEditing] = useState(false);
  const which = /^\d+$/.test(address) ? { number: Number(address) } : { issueId: address };
  const options = trpc.issues.get.queryOptions({ projectId, ...which });
  const { data: issue, error, refetch } = useQuery(options);
  useProjectEvents(projectId, ({ type }) => {
    // Comments may name it, and their deletion takes that away.
    if (/^(issue|comment)\./.test(type) || type === 'resync') renewSoon(options.queryKey);
  });
  const one = { projectId, issueId: issue?.id ?? '' };
  const isOpen = issue?.state === 'open';
  const restore = () => {
    client.issues.restore.mutate(one).then((back) => {
      toast(`Issue ${back.number} is back.`);
      void navigate({ to: issuePath(projectId, back.number) });
    }, tellFailure);
  };
  const remove = async () => {
    await client.issues.delete.mutate(one);
    toast(`Issue ${issue?.number} is deleted.`, 'done', { label: 'Restore the issue', onAct: restore });
    await navigate({ to: issuesPath(projectId) });
  };
  return (
    <ProjectPage
      title={issue ? `#${issue.number} ${issue.title}` : 'Issue'}
      breadcrumbs={[{ label: 'Issues', to: issuesPath(projectId) }]}
      actions={
        issue && (
          <>
            {may(isOpen ? 'issues.close' : 'issues.reopen') && (
              <ActionButton
                size="sm"
                label={isOpen ? 'Close the issue' : 'Reopen the issue'}
                done={isOpen ? 'The issue is closed.' : 'The issue is open again.'}
                onAct={() => (isOpen ? client.issues.close.mutate(one) : client.issues.reopen.mutate(one))}
              />
            )}
            {may('issues.update') && !isEditing && (
              <Button variant="default" onClick={() => setEditing(true)}>
                Edit the issue
              </Button>
            )}
            {may('issues.delete') && (
              <ConfirmButton
                label="Delete the issue"
                consequence="Its number is never given again. It can be restored."
                onConfirm={remove}
              />
            )}
          </>
        )
      }
    >
      {() => {
        if (error && !issue) return <FailureNotice error={error} onRetry={refetch} />;
        if (!issue) return <Loading what="the issue" />;
        if (isEditing)
          return (
            <Suspense fallback={<Loading />}>
              <EditIssue issue={issue} onDone={() => setEditing(false)} />
            </Suspense>
          );
        return (
          <>
            <Group gap="md">
              <IssueState state={issue.state} />
              <Labels labels={issue.labels} />
              <Group gap="xs">
                <Text size="sm">Assigned to</Text>
                {issue.assignee ? <Person actor={issue.assignee} /> : <Text size="sm">nobody</Text>}
              </Group>
            </Group>
            <Paper withBorder p="md" component="section" aria-label="Description">
              <Text size="sm" c="dimmed" mb="xs">
                {issue.author?.name ?? 'Somebody who is gone'}, <Time at={issue.createdAt} />
                {issue.closedAt && (
                  <>
                    {' '}
                    · closed <Time at={issue.closedAt} />
                  </>
                )}
              </Text>
              {issue.body === '' ? (
                <Text c="dimmed">Nothing is written.</Text>
              ) : (
                <Markdown source={issue.body} />
              )}
            </Paper>
            <References projectId={projectId} mentions={issue.referencedBy} />
            {may('threads.list') && (
              <section aria-labelledby="discussion">
                <Title order={2} size="h4" id="discussion" mb="xs">
                  Discussion
                </Title>
                <Suspense fallback={<Loading what="the discussion" />}>
                  <Discussion
                    projectId={projectId}
                    subjectType="issue"
                    subjectId={issue.id}
                    name={`issue ${issue.number}`}
                  />
                </Suspense>
              </section>
            )}
          </>
        );
      }}
    </ProjectPage>
  );
}
