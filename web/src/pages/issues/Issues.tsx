import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { trpc } from '../../api.ts';
import { PagedList } from '../../kit/PagedList.tsx';
import { ProjectPage } from '../../kit/ProjectPage.tsx';
import { Time } from '../../kit/Time.tsx';
import { UnreadBadge } from '../../kit/UnreadBadge.tsx';
import { useLiveList } from '../../kit/live/useLiveList.ts';
import { byCursor } from '../../kit/usePages.ts';
import { useProjectId } from '../../kit/useProjectId.ts';
import { useRights } from '../../kit/useRight.ts';
import { useUnread } from '../../kit/useUnread.ts';
import { Filters } from './Filters.tsx';
import { IssueState, Labels } from './IssueState.tsx';
import { type Issue, issuePath, issuesPath } from './issueValues.tsx';
import { inputOf, isAmong, useIssueFilter } from './useIssueFilter.ts';

function Line({ issue, unread }: { issue: Issue; unread: number }) {
  const { projectId, number, title, state, labels, author, assignee, createdAt } = issue;
  return (
    <Paper component="li" withBorder p="sm">
      <Group justify="space-between" gap="xs" align="start">
        <Group gap="xs" className="breaking" flex={1} miw={200}>
          <IssueState state={state} />
          <Link to={issuePath(projectId, number)} className="text-link">
            {title}
          </Link>
          <UnreadBadge count={unread} />
        </Group>
        <Labels labels={labels} />
      </Group>
      <Text size="sm" c="dimmed" mt={4}>
        #{number} · {author?.name ?? 'Somebody who is gone'}, <Time at={createdAt} />
        {assignee && ` · assigned to ${assignee.name}`}
      </Text>
    </Paper>
  );
}

/** The project's issues, newest first, live. */
export default function Issues() {
  const projectId = useProjectId();
  const { may } = useRights(projectId);
  const { ofSubject } = useUnread();
  const [filter] = useIssueFilter();
  const live = useLiveList(
    'issues',
    projectId,
    trpc.issues.list.infiniteQueryOptions({ projectId, ...inputOf(filter) }, byCursor),
    'first',
  );
  const items = live.items?.filter((issue) => isAmong(issue, filter));
  return (
    <ProjectPage
      title="Issues"
      actions={
        may('issues.create') && (
          <Button component={Link} to={`${issuesPath(projectId)}/new`}>
            New issue
          </Button>
        )
      }
    >
      {() => (
        <>
          <Filters projectId={projectId} />
          <PagedList pages={{ ...live, items }} what="the issues" empty="There is no such issue.">
            {(issues) => (
              <Stack component="ul" gap="xs" className="plain-list" aria-label="Issues">
                {issues.map((issue) => (
                  <Line key={issue.id} issue={issue} unread={ofSubject(`issue:${issue.id}`)} />
                ))}
              </Stack>
            )}
          </PagedList>
        </>
      )}
    </ProjectPage>
  );
}
