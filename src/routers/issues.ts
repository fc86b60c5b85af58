import { z } from 'zod';
import { closeIssue, deleteIssue, reopenIssue, restoreIssue } from '../domain/social/changeIssue.ts';
import { createIssue } from '../domain/social/createIssue.ts';
import { findIssue } from '../domain/social/findIssue.ts';
import { updateIssue } from '../domain/social/updateIssue.ts';
import { TesseraError, fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { type IssueDetails, issueState } from '../views/social.ts';
import { listIssueMentions } from '../views/sql/listIssueMentions.ts';
import { listIssues } from '../views/sql/listIssues.ts';
import { listLabels } from '../views/sql/listLabels.ts';
import { readIssue } from '../views/sql/readIssue.ts';
import { askAssignee } from './assignee.ts';
import { freeText } from './freeText.ts';
import { metadata } from './metadata.ts';
import { project, router } from './trpc.ts';
import { labels, title, version } from './workFields.ts';

const columns = {
  body: freeText(65_536).optional(),
  assigneeId: uuid.nullish(),
  labels: labels.optional(),
  metadata: metadata.optional(),
};
const number = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);

function readKey(input: { issueId?: string | undefined; number?: number | undefined }) {
  if (input.issueId !== undefined && input.number === undefined) return { issueId: input.issueId };
  if (input.number !== undefined && input.issueId === undefined) return { number: input.number };
  throw new TesseraError('BAD_INPUT', {}, { fields: { issueId: 'give either issueId or number' } });
}

export const issues = router({
  /**
   * Opens an issue under the project's next number. Its body is Markdown; `#12` in it refers to issue 12.
   * Whoever it is assigned to must be able to see the project's issues, and is told.
   */
  create: project.mutation(
    'issues.create',
    { id: uuid.optional(), title, ...columns },
    async ({ ctx, input }) => {
      const checkAssignee = await askAssignee(ctx, input.assigneeId, 'issues.get');
      return ctx.write(
        async (em) => {
          checkAssignee();
          return createIssue(em, ctx.actor, { ...input, projectId: ctx.projectId });
        },
        (view) => view(),
      );
    },
  ),

  /** One issue, by its id or its number, with what refers to it. Its discussion is `threads.list` with its id as subject. */
  get: project.query(
    'issues.get',
    { issueId: uuid.optional(), number: number.optional() },
    async ({ ctx, input }): Promise<IssueDetails> => {
      const issue = await readIssue(ctx.reads, ctx.projectId, readKey(input));
      if (!issue) return fail('NOT_FOUND', { thing: 'issue' });
      const referencedBy = await listIssueMentions(ctx.reads, issue.id, ctx.access.can('comments.list'));
      return { ...issue, referencedBy };
    },
  ),

  /** The project's issues, newest first: all, or those of a state or an assignee, or that have all of some labels. */
  list: project.query(
    'issues.list',
    { ...page, state: issueState.optional(), assigneeId: uuid.optional(), labels: labels.optional() },
    async ({ ctx, input: { cursor, limit, projectId: _, ...filter } }) => {
      const of = { projectId: ctx.projectId, filter, position: readCursor(cursor), limit: limit + 1 };
      return toPage(await listIssues(ctx.reads, of), limit, (issue) => issue);
    },
  ),

  /** The labels that the project's issues have, the most used first, with how many open issues have each; 500 at most. */
  labels: project.query('issues.labels', {}, async ({ ctx }) => ({
    items: await listLabels(ctx.reads, ctx.projectId, 500),
  })),

  /** Changes what is given. Send the `version` you read, and a change in between is a VERSION_CLASH. */
  update: project.mutation(
    'issues.update',
    { issueId: uuid, title: title.optional(), ...columns, version },
    async ({ ctx, input: { issueId, version: sent, projectId: _, mutationId: __, ...changes } }) => {
      const checkAssignee = await askAssignee(ctx, changes.assigneeId, 'issues.get');
      return ctx.write(
        (em) => updateIssue(em, { projectId: ctx.projectId, issueId, changes, version: sent, checkAssignee }),
        (view) => view(),
      );
    },
  ),

  /** Closes an issue; closing one twice changes nothing. */
  close: project.mutation('issues.close', { issueId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => closeIssue(em, ctx.actor, await findIssue(em, ctx.projectId, input.issueId)),
      (view) => view(),
    ),
  ),

  /** Opens a closed issue again. */
  reopen: project.mutation('issues.reopen', { issueId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => reopenIssue(em, await findIssue(em, ctx.projectId, input.issueId)),
      (view) => view(),
    ),
  ),

  /** Deletes an issue softly; its number is never given again. */
  delete: project.mutation('issues.delete', { issueId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => deleteIssue(em, await findIssue(em, ctx.projectId, input.issueId)),
      (view) => view(),
    ),
  ),

  /** Takes a deleted issue back, under its number. */
  restore: project.mutation('issues.restore', { issueId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) =>
        restoreIssue(em, await findIssue(em, ctx.projectId, input.issueId, { isDeletedFound: true })),
      (view) => view(),
    ),
  ),
});
