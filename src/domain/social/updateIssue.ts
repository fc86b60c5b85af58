import type { EntityManager } from '@mikro-orm/postgresql';
import { emit } from '../../events/emit.ts';
import type { IssueView } from '../../views/social.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import type { NewIssue } from './createIssue.ts';
import { describeIssue } from './describeIssue.ts';
import { findIssue } from './findIssue.ts';
import { recordReferences } from './recordReferences.ts';

export interface IssueUpdate {
  projectId: string;
  issueId: string;
  changes: Partial<Omit<NewIssue, 'id' | 'projectId'>>;
  /** The version that the editor saw; left out: the last write wins. */
  version?: number | undefined;
  /** Called when the issue gets another assignee; throws to refuse. */
  checkAssignee: () => void;
}

/**
 * Changes what is given, leaves the rest; nothing is said when nothing differs.
 * @returns what shows the issue once it is flushed.
 * @throws NOT_FOUND, VERSION_CLASH.
 */
export async function updateIssue(em: EntityManager, update: IssueUpdate): Promise<() => IssueView> {
  const { projectId, issueId } = update;
  const issue = await findIssue(em, projectId, issueId);
  await checkVersion({ thing: 'issue', sent: update.version, stored: issue.rowVersion }, async () =>
    (await describeIssue(em, issue))(),
  );
  const changes = pickChanges(issue, update.changes);
  if (Object.keys(changes).length === 0) return describeIssue(em, issue);
  if (changes.assigneeId) update.checkAssignee();
  em.assign(issue, changes);
  const view = await describeIssue(em, issue);
  emit(em, `project:${projectId}`, 'issue.updated', view);
  if (changes.assigneeId) emit(em, `project:${projectId}`, 'issue.assigned', view);
  if (changes.body !== undefined)
    recordReferences(em, { projectId, source: { issueId }, text: changes.body, isNew: false });
  return view;
}
