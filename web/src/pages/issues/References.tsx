import { Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Outputs } from 'tessera-client';
import { Time } from '../../kit/Time.tsx';
import { excerptOf } from '../../threads/excerptOf.ts';
import { IssueState } from './IssueState.tsx';
import { issuePath } from './issueValues.tsx';

export interface ReferencesProps {
  projectId: string;
  mentions: Outputs['issues']['get']['referencedBy'];
}

/** Issues and comments that name this one, each leading there; nothing when there are none. */
export function References({ projectId, mentions }: ReferencesProps) {
  if (mentions.length === 0) return null;
  return (
    <section aria-labelledby="references">
      <Title order={2} size="h4" id="references" mb="xs">
        Referenced by
      </Title>
      <ul className="plain-list" aria-label="Referenced by">
        {mentions.map(({ issue, comment, author, createdAt }) => (
          <li key={issue?.id ?? comment?.id}>
            <Group gap="xs">
              {issue && (
                <>
                  <IssueState state={issue.state} />
                  <Link to={issuePath(projectId, issue.number)} className="text-link">
                    #{issue.number} {issue.title}
                  </Link>
                </>
              )}
              {comment && (
                <Link to={`/projects/${projectId}/threads/${comment.threadId}`} className="text-link">
                  Comment: {excerptOf(comment.excerpt)}
                </Link>
              )}
              <Text size="sm" c="dimmed">
                {author?.name ?? 'Somebody who is gone'}, <Time at={createdAt} />
              </Text>
            </Group>
          </li>
        ))}
      </ul>
    </section>
  );
}
