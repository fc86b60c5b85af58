import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { Issue } from '../../entities/social/Issue.ts';
import { emit } from '../../events/emit.ts';
import type { ActorRef } from '../../views/identity.ts';
import type { IssueView } from '../../views/social.ts';
import { describeIssue } from './describeIssue.ts';
import { recordReferences } from './recordReferences.ts';
import { takeIssueNumber } from './sql/takeIssueNumber.ts';

export interface NewIssue {
  id?: string | undefined;
  projectId: string;
  title: string;
  /** Markdown. */
  body?: string | undefined;
  /** Someone who can see issues of the project. */
  assigneeId?: string | null | undefined;
  labels?: string[] | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** Opens an issue under the project's next number. @returns what shows it once it is flushed. */
export async function createIssue(
  em: EntityManager,
  actor: ActorRef,
  input: NewIssue,
): Promise<() => IssueView> {
  const { id = uuidv7(), projectId, body = '' } = input;
  const issue = em.create(Issue, {
    id,
    projectId,
    number: await takeIssueNumber(em, projectId),
    title: input.title,
    body,
    state: 'open',
    authorId: actor.id,
    assigneeId: input.assigneeId ?? null,
    labels: input.labels ?? [],
    metadata: input.metadata ?? {},
  });
  const view = await describeIssue(em, issue);
  emit(em, `project:${projectId}`, 'issue.created', view);
  recordReferences(em, { projectId, source: { issueId: id }, text: body, isNew: true });
  return view;
}
