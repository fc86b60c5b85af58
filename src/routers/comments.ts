import { z } from 'zod';
import { mayDeleteComment, mayEditComment } from '../authz/rules/comment.ts';
import { addComment } from '../domain/threads/addComment.ts';
import { reactToComment, unreactToComment } from '../domain/threads/changeReaction.ts';
import { deleteComment } from '../domain/threads/deleteComment.ts';
import { editComment } from '../domain/threads/editComment.ts';
import { findComment } from '../domain/threads/findComment.ts';
import { normalizeEmoji } from '../domain/threads/normalizeEmoji.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listComments } from '../views/sql/listComments.ts';
import { viewComment } from '../views/threads.ts';
import { findMentioned } from './findMentioned.ts';
import { commentBody } from './freeText.ts';
import { project, router } from './trpc.ts';

/** One emoji, in the form in which it is kept. */
const emoji = z
  .string()
  .max(64)
  .transform((text, ctx) => {
    const normal = normalizeEmoji(text);
    if (normal !== undefined) return normal;
    ctx.issues.push({ code: 'custom', message: 'must be exactly one emoji', input: text });
    return z.NEVER;
  });

export const comments = router({
  /** Adds a comment to a thread; who is mentioned in it (`@username`, outside code) and may see it is told. */
  add: project.mutation(
    'comments.add',
    { id: uuid.optional(), threadId: uuid, body: commentBody },
    async ({ ctx, input }) => {
      const mentioned = await findMentioned(ctx, input.body);
      return ctx.write(
        (em) => addComment(em, ctx.actor, { ...input, projectId: ctx.projectId, mentioned }),
        (comment) => viewComment(comment, ctx.actor),
      );
    },
  ),

  /** Changes the text of one's own comment; only who is newly mentioned is told. */
  edit: project.mutation('comments.edit', { commentId: uuid, body: commentBody }, async ({ ctx, input }) => {
    const mentioned = await findMentioned(ctx, input.body);
    return ctx.write(
      async (em) => {
        const comment = await findComment(em, ctx.projectId, input.commentId);
        if (!mayEditComment(ctx.access, comment)) fail('NOT_AUTHOR');
        return editComment(em, ctx.actor, comment, { projectId: ctx.projectId, body: input.body, mentioned });
      },
      (view) => view(),
    );
  }),

  /** Deletes a comment: its author may, and moderators. */
  delete: project.mutation('comments.delete', { commentId: uuid }, ({ ctx, input }) =>
    ctx.write(
      async (em) => {
        const comment = await findComment(em, ctx.projectId, input.commentId);
        if (!mayDeleteComment(ctx.access, comment)) fail('NOT_AUTHOR_OR_MODERATOR', { thing: 'comment' });
        return deleteComment(em, comment, ctx.projectId);
      },
      ({ id, threadId }): { id: string; threadId: string } => ({ id, threadId }),
    ),
  ),

  /** Puts an emoji under a comment; doing it twice changes nothing. */
  react: project.mutation('comments.react', { commentId: uuid, emoji }, ({ ctx, input }) =>
    ctx.write(
      (em) => reactToComment(em, ctx.actor, { ...input, projectId: ctx.projectId }),
      (reaction) => reaction,
    ),
  ),

  /** Takes one's own emoji away again; it need not be there. */
  unreact: project.mutation('comments.unreact', { commentId: uuid, emoji }, ({ ctx, input }) =>
    ctx.write(
      (em) => unreactToComment(em, ctx.actor, { ...input, projectId: ctx.projectId }),
      (reaction) => reaction,
    ),
  ),

  /** Comments of a thread, oldest first or the other way round, with authors and reactions; deleted ones are left out. */
  list: project.query(
    'comments.list',
    { ...page, threadId: uuid, newestFirst: z.boolean().default(false) },
    async ({ ctx, input }) => {
      const rows = await listComments(ctx.reads, {
        projectId: ctx.projectId,
        threadId: input.threadId,
        newestFirst: input.newestFirst,
        position: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      if (!rows) return fail('NOT_FOUND', { thing: 'thread' });
      return toPage(rows, input.limit, (comment) => comment);
    },
  ),
});
