import type { EntityManager } from '@mikro-orm/postgresql';
import type { Issue } from '../../entities/social/Issue.ts';
import { type IssueView, viewIssue } from '../../views/social.ts';
import { readActorRefs } from './sql/readActorRefs.ts';

/** Reads who wrote an issue and who works on it. @returns what shows the issue once it is flushed. */
export async function describeIssue(em: EntityManager, issue: Issue): Promise<() => IssueView> {
  const { authorId, assigneeId } = issue;
  const people = await readActorRefs(em, [authorId, assigneeId]);
  const author = (authorId && people.get(authorId)) || null;
  const assignee = (assigneeId && people.get(assigneeId)) || null;
  return () => viewIssue(issue, { author, assignee });
}
