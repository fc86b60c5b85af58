import { z } from 'zod';
import { mayDeleteThread } from '../authz/rules/thread.ts';
import { deleteThread, reopenThread, resolveThread, restoreThread } from '../domain/threads/changeThread.ts';
import { chooseSubscription } from '../domain/threads/chooseSubscription.ts';
import { findThread } from '../domain/threads/findThread.ts';
import { markThreadRead } from '../domain/threads/markThreadRead.ts';
import { reanchorThreads } from '../domain/threads/reanchorThreads.ts';
import { subjectTypeNames } from '../domain/threads/subjectTypes.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listComments } from '../views/sql/listComments.ts';
import { listThreadFiles } from '../views/sql/listThreadFiles.ts';
import { listThreads } from '../views/sql/listThreads.ts';
import { readThread } from '../views/sql/readThread.ts';
import { commentBody, freeText, line } from './freeText.ts';
import { openThread } from './openThread.ts';
import { pathPage, readPathCursor, toPathPage } from './pathPages.ts';
import { project, router } from './trpc.ts';
import { watchThreads } from './watchThreads.ts';

const filePath = freeText(4096, 1);
const lineNumber = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);
const milliseconds = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const subjectType = z.enum(subjectTypeNames);
const firstPage = 50;

export const threads = router({
  /**
   * Opens a thread with its first comment, on lines of a file (`filePath`, `lineStart`, `lineEnd`, of the
   * latest version or the one given) or on another subject (`subjectType`, `subjectId`, with a range of time
   * in a medium). On an older version it stands at once where those lines are in the latest.
   */
  create: project.mutation(
    'threads.create',
    {
      id: uuid.optional(),
      title: line(255).nullish(),
      body: commentBody,
      filePath: filePath.optional(),
      lineStart: lineNumber.optional(),
      lineEnd: lineNumber.optional(),
      version: lineNumber.optional(),
      subjectType: subjectType.optional(),
      subjectId: uuid.optional(),
      startMs: milliseconds.optional(),
      endMs: milliseconds.optional(),
    },
    ({ ctx, input }) => openThread(ctx, input),
  ),

  /** A thread with what is unread in it, the caller's own choice about it, and its first page of comments. */
  get: project.query('threads.get', { threadId: uuid }, async ({ ctx, input }) => {
    const { projectId } = ctx;
    const [found, comments] = await Promise.all([
      readThread(ctx.reads, { projectId, threadId: input.threadId, callerId: ctx.access.caller?.id ?? null }),
      listComments(ctx.reads, { projectId, threadId: input.threadId, position: null, limit: firstPage + 1 }),
    ]);
    if (!found || !comments) return fail('NOT_FOUND', { thing: 'thread' });
    return { ...found, comments: toPage(comments, firstPage, (comment) => comment) };
  }),

  /** Threads of the project, or those that stand in a file now or on a subject; newest first. */
  list: project.query(
    'threads.list',
    {
      ...page,
      filePath: filePath.optional(),
      status: z.enum(['open', 'resolved']).optional(),
      placements: z
        .array(z.enum(['current', 'outdated', 'gone']))
        .min(1)
        .max(3)
        .optional(),
      authorId: uuid.optional(),
      subjectType: subjectType.optional(),
      subjectId: uuid.optional(),
    },
    async ({ ctx, input }) => {
      const rows = await listThreads(ctx.reads, {
        projectId: ctx.projectId,
        callerId: ctx.access.caller?.id ?? null,
        filter: {
          filePath: input.filePath,
          status: input.status,
          placements: input.placements,
          authorId: input.authorId,
          subjectType: input.subjectType,
          subjectId: input.subjectId,
        },
        position: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return toPage(rows, input.limit, (thread) => thread);
    },
  ),

  /** The files in which threads stand now, in the order of their paths, with how many: for the marks in a tree of files. */
  files: project.query(
    'threads.files',
    { ...pathPage, prefix: freeText(4_096).optional() },
    async ({ ctx, input: { cursor, limit, prefix } }) => {
      const of = { projectId: ctx.projectId, prefix, after: readPathCursor(cursor), limit: limit + 1 };
      return toPathPage(await listThreadFiles(ctx.reads, of), limit);
    },
  ),

  /** Marks a thread as settled; commenting on it stays possible. */
  resolve: project.mutation('threads.resolve', { threadId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => resolveThread(em, ctx.actor, await findThread(em, ctx.projectId, input.threadId)),
      (view) => view(),
    ),
  ),

  /** Opens a resolved thread again. */
  reopen: project.mutation('threads.reopen', { threadId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => reopenThread(em, ctx.actor, await findThread(em, ctx.projectId, input.threadId)),
      (view) => view(),
    ),
  ),

  /** Deletes a thread with its comments: who opened it may, and moderators. */
  delete: project.mutation('threads.delete', { threadId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => {
        const thread = await findThread(em, ctx.projectId, input.threadId);
        if (!mayDeleteThread(ctx.access, thread)) fail('NOT_AUTHOR_OR_MODERATOR', { thing: 'thread' });
        return deleteThread(em, ctx.actor, thread);
      },
      (view) => view(),
    ),
  ),

  /** Takes a deleted thread back, to where its lines are now: who may delete it may. */
  restore: project.mutation('threads.restore', { threadId: uuid }, async ({ ctx, input }) => {
    const restored = await ctx.write(
      async (em) => {
        const thread = await findThread(em, ctx.projectId, input.threadId, { isDeletedFound: true });
        if (!mayDeleteThread(ctx.access, thread)) fail('NOT_AUTHOR_OR_MODERATOR', { thing: 'thread' });
        return restoreThread(em, ctx.actor, thread);
      },
      (view) => view(),
    );
    // Deleted threads are not placed in new versions: this one may have missed some.
    const { orm, storage, cause } = ctx;
    await reanchorThreads({ orm, storage, cause: { ...cause, mutationId: null } }, ctx.projectId);
    return restored;
  }),

  /** Follows a thread: one is told of its comments without having written in it. */
  subscribe: project.mutation('threads.subscribe', { threadId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) =>
        chooseSubscription(em, ctx.actor, {
          projectId: ctx.projectId,
          threadId: input.threadId,
          state: 'subscribed',
        }),
      (choice) => choice,
    ),
  ),

  /** Mutes a thread: one is told nothing more of it, also not when mentioned. */
  unsubscribe: project.mutation('threads.unsubscribe', { threadId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) =>
        chooseSubscription(em, ctx.actor, {
          projectId: ctx.projectId,
          threadId: input.threadId,
          state: 'muted',
        }),
      (choice) => choice,
    ),
  ),

  /** Records that the caller has read a thread up to the comment given, or all of it; it never goes back. */
  markRead: project.mutation(
    'threads.markRead',
    { threadId: uuid, commentId: uuid.optional() },
    ({ ctx, input }) =>
      ctx.write(
        (em) =>
          markThreadRead(em, ctx.actor, {
            projectId: ctx.projectId,
            threadId: input.threadId,
            commentId: input.commentId,
          }),
        (readUpToAt) => ({ threadId: input.threadId, readUpToAt }),
      ),
  ),

  /**
   * The project's threads live, or one thread, or those of a file: first `{ type: 'snapshot', seq, threads,
   * hasMoreThreads }` with the 50 newest and 50 comments of each, then every event of theirs.
   */
  watch: project.subscription(
    'threads.watch',
    { threadId: uuid.optional(), filePath: filePath.optional() },
    ({ ctx, input }) => watchThreads(ctx, input),
  ),
});
