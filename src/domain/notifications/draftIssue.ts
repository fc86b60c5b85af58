import type { LogEvent } from '../../events/watch.ts';
import type { IssueView } from '../../views/social.ts';
import { findMentions } from '../threads/findMentions.ts';
import { type Notice, type Surroundings, nameOf, watchersAt } from './Notice.ts';
import { excerpt } from './excerpt.ts';

/** Types of event about issues that someone is told of. */
export const noticedIssueTypes = ['issue.created', 'issue.assigned', 'issue.closed'] as const;

type Told = Pick<Notice, 'userId' | 'type' | 'title'>;

/** Who hears several things of a new issue is told of the first: a mention, being its assignee, that it is there. */
function draftCreated(issue: IssueView, author: string, loggedAt: Date, surroundings: Surroundings): Told[] {
  const name = `issue #${issue.number} “${issue.title}”`;
  const told: Told[] = [];
  for (const username of findMentions(issue.body)) {
    const userId = surroundings.mentioned.get(username);
    if (userId) told.push({ userId, type: 'mention', title: `${author} mentioned you` });
  }
  if (issue.assignee)
    told.push({
      userId: issue.assignee.id,
      type: 'issue.assigned',
      title: `${author} assigned ${name} to you`,
    });
  for (const userId of watchersAt(surroundings, loggedAt))
    told.push({ userId, type: 'issue.created', title: `${author} opened ${name}` });
  return told;
}

/** Who is to be told what of an issue: never who did it, and nobody twice of one event. */
export function draftIssue(
  event: LogEvent<(typeof noticedIssueTypes)[number]>,
  surroundings: Surroundings,
): Notice[] {
  const { payload: issue, actorId, type } = event;
  const by = nameOf(surroundings.names, actorId);
  const name = `issue #${issue.number} “${issue.title}”`;
  const told: Told[] =
    type === 'issue.created'
      ? draftCreated(issue, by, event.createdAt, surroundings)
      : [issue.assignee, type === 'issue.closed' ? issue.author : null].flatMap((person) =>
          person === null
            ? []
            : [
                {
                  userId: person.id,
                  type,
                  title: type === 'issue.closed' ? `${by} closed ${name}` : `${by} assigned ${name} to you`,
                },
              ],
        );
  const first = new Map<string, Told>();
  for (const one of told) if (one.userId !== actorId && !first.has(one.userId)) first.set(one.userId, one);
  return Array.from(first.values(), (one) => ({
    ...one,
    message: excerpt(issue.body) || issue.title,
    subject: `issue:${issue.id}`,
    payload: { issueId: issue.id, number: issue.number, actorId },
    permission: 'issues.get',
  }));
}
