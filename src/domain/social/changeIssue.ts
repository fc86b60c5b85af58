import type { EntityManager } from '@mikro-orm/postgresql';
import type { Issue } from '../../entities/social/Issue.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { IssueView } from '../../views/social.ts';
import { describeIssue } from './describeIssue.ts';

type IssueEvent = 'issue.closed' | 'issue.reopened' | 'issue.deleted' | 'issue.restored';

/**
 * Changes an issue that `findIssue` gave, and says so, unless it is that way already.
 * @returns what shows the issue once it is flushed.
 */
async function change(
  em: EntityManager,
  issue: Issue,
  type: IssueEvent,
  apply: (() => void) | false,
): Promise<() => IssueView> {
  const view = await describeIssue(em, issue);
  if (apply) {
    apply();
    emit(em, `project:${issue.projectId}`, type, view);
  }
  return view;
}

/** Closes an issue; closing one twice changes nothing. */
export async function closeIssue(em: EntityManager, actor: ActorRef, issue: Issue): Promise<() => IssueView> {
  return change(
    em,
    issue,
    'issue.closed',
    issue.state === 'open' && (() => issue.close(actor.id, new Date())),
  );
}

/** Opens a closed issue again; an open one stays as it is. */
export async function reopenIssue(em: EntityManager, issue: Issue): Promise<() => IssueView> {
  return change(em, issue, 'issue.reopened', issue.state === 'closed' && (() => issue.reopen()));
}

/** Deletes an issue softly; its number is never given again. */
export async function deleteIssue(em: EntityManager, issue: Issue): Promise<() => IssueView> {
  return change(em, issue, 'issue.deleted', () => {
    issue.deletedAt = new Date();
  });
}

/** Takes a deleted issue back; one that was not deleted stays as it is. */
export async function restoreIssue(em: EntityManager, issue: Issue): Promise<() => IssueView> {
  const restore = () => {
    issue.deletedAt = null;
  };
  return change(em, issue, 'issue.restored', Boolean(issue.deletedAt) && restore);
}
