import { z } from 'zod';
import type { Issue } from '../entities/social/Issue.ts';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef, viewActorRef } from './identity.ts';

export const issueState = z.enum(['open', 'closed']);

export const issueView = z.object({
  id: uuid,
  projectId: uuid,
  number: z.number(),
  title: z.string(),
  body: z.string(),
  state: issueState,
  author: actorRef.nullable(),
  assignee: actorRef.nullable(),
  labels: z.array(z.string()),
  metadata: z.record(z.string(), z.unknown()),
  closedBy: uuid.nullable(),
  /** Send it back with `issues.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  closedAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type IssueView = z.infer<typeof issueView>;

export function viewIssue(
  issue: Issue,
  { author, assignee }: { author: ActorRef | null; assignee: ActorRef | null },
): IssueView {
  return {
    id: issue.id,
    projectId: issue.projectId,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    author: author && viewActorRef(author),
    assignee: assignee && viewActorRef(assignee),
    labels: issue.labels,
    metadata: issue.metadata,
    closedBy: issue.closedBy ?? null,
    version: issue.rowVersion,
    closedAt: issue.closedAt ?? null,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
  };
}

/** That an issue was named as `#12`: by the body of another issue (`sourceIssueId`) or by a comment. */
export const issueReferenceView = z.object({
  issueId: uuid,
  sourceIssueId: uuid.nullable(),
  sourceCommentId: uuid.nullable(),
  createdAt: moment,
});
export type IssueReferenceView = z.infer<typeof issueReferenceView>;

/** What names an issue: another issue, or a comment with its thread; one of the two is null. */
export interface IssueMention {
  issue: { id: string; number: number; title: string; state: 'open' | 'closed' } | null;
  comment: { id: string; threadId: string; excerpt: string } | null;
  author: ActorRef | null;
  createdAt: Date;
}

export interface IssueDetails extends IssueView {
  /** Newest first, at most a hundred. */
  referencedBy: IssueMention[];
}

export const starView = z.object({ projectId: uuid, actor: actorRef, createdAt: moment });
export type StarView = z.infer<typeof starView>;

/** A label, and how many issues have it. */
export interface LabelCount {
  label: string;
  open: number;
  total: number;
}

export const watchLevel = z.enum(['all', 'participating', 'none']);
export type WatchLevel = z.infer<typeof watchLevel>;

/** A project as lists of stars and watches name it. */
export interface ProjectRef {
  id: string;
  name: string;
  identifier: string;
}
export interface StarredProject {
  project: ProjectRef;
  createdAt: Date;
}
export interface WatchedProject {
  project: ProjectRef;
  level: WatchLevel;
  createdAt: Date;
  updatedAt: Date;
}
