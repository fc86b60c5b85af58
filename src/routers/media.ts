import { z } from 'zod';
import { completeUpload } from '../domain/media/completeUpload.ts';
import { createUpload } from '../domain/media/createUpload.ts';
import { deleteMedia, restoreMedia } from '../domain/media/deleteMedia.ts';
import { receiveUpload } from '../domain/media/receiveUpload.ts';
import { refuseMedia } from '../domain/media/refuseMedia.ts';
import { removeRefused } from '../domain/media/removeRefused.ts';
import { renameMedia } from '../domain/media/renameMedia.ts';
import { type ErrorCode, TesseraError, fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { type MediaDetails, type MediaView, mediaStatus, mediaType, viewMedia } from '../views/media.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listMedia } from '../views/sql/media/listMedia.ts';
import { type StoredMedia, readMedia, readRelatives } from '../views/sql/media/readMedia.ts';
import { readUsage } from '../views/sql/media/readUsage.ts';
import type { Call } from './Call.ts';
import { line } from './freeText.ts';
import { signDownload, signUpload } from './mediaUrls.ts';
import { project, router } from './trpc.ts';

const name = line(255);

async function requireMedia(ctx: Call, mediaId: string): Promise<StoredMedia> {
  const found = await readMedia(ctx.reads, { projectId: ctx.projectId, mediaId });
  return found ?? fail('NOT_FOUND', { thing: 'media file' });
}

/** Says again why a file failed. */
function failAgain({ errorCode, errorMessage }: StoredMedia): never {
  const failure = new TesseraError((errorCode ?? 'MEDIA_BYTES_GONE') as ErrorCode);
  throw errorMessage ? Object.assign(failure, { message: errorMessage }) : failure;
}

/** Writes what became of an upload: its job is queued, or it failed for good. */
async function conclude(
  ctx: Call,
  mediaId: string,
  fault: TesseraError | null,
): Promise<{ media: MediaView; jobId: string }> {
  const place = { projectId: ctx.projectId, mediaId };
  if (!fault) {
    const completed = await ctx.write(
      (em) => completeUpload(em, ctx.actor, place),
      (done) => done && { media: viewMedia(done.media), jobId: done.jobId },
    );
    return completed ?? failAgain(await requireMedia(ctx, mediaId));
  }
  await ctx.write((em) => refuseMedia(em, place, fault), viewMedia, { isRepeatable: true });
  await removeRefused(ctx.orm, ctx.storage, place);
  throw fault;
}

export const media = router({
  /**
   * Announces a file and answers two ways to send its bytes until `expiresAt`: `put`, one request with the whole
   * file (null where it is too large for one), and `tus`, the address of a resumable upload for tus clients.
   * Then call `media.completeUpload`. Called again with the same `mutationId` it answers new URLs for the same file.
   */
  createUpload: project.mutation(
    'media.createUpload',
    {
      id: uuid.optional(),
      name,
      mediaType: mediaType.optional(),
      contentType: z.string().max(100),
      size: z
        .number()
        .int()
        .min(1, 'must be at least 1: an empty file is no media')
        .max(2 ** 52),
      derivedFrom: uuid.optional(),
    },
    async ({ ctx, input }) => {
      const created = await ctx.write(
        (em) => createUpload(em, ctx.actor, { ...input, projectId: ctx.projectId }, ctx.settings),
        viewMedia,
      );
      return { media: created, upload: await signUpload(ctx, await requireMedia(ctx, created.id)) };
    },
  ),

  /**
   * Says that all bytes of a file were sent. They are put where its URLs reach no more, and a job (`jobId`) looks at
   * them: the file is `ready` after it, or `failed` with the reason. What is not of the announced type fails at once.
   */
  completeUpload: project.mutation('media.completeUpload', { mediaId: uuid }, async ({ ctx, input }) => {
    const found = await requireMedia(ctx, input.mediaId);
    if (found.status === 'failed') failAgain(found);
    if (found.status !== 'uploading') return conclude(ctx, found.id, null);
    return receiveUpload(ctx, found, (fault) => conclude(ctx, found.id, fault));
  }),

  /** One file, with what it was made from (`origins`) and what was made of it (`derivatives`). */
  get: project.query('media.get', { mediaId: uuid }, async ({ ctx, input }): Promise<MediaDetails> => {
    const found = await requireMedia(ctx, input.mediaId);
    const of = { projectId: ctx.projectId, mediaId: input.mediaId };
    return { ...viewMedia(found), ...(await readRelatives(ctx.reads, of)) };
  }),

  /**
   * The project's media files, newest first: all, or those of a status or type, or made from a certain one; with
   * `deleted`, the deleted ones.
   */
  list: project.query(
    'media.list',
    {
      ...page,
      status: mediaStatus.optional(),
      mediaType: mediaType.optional(),
      derivedFrom: uuid.optional(),
      deleted: z.boolean().default(false),
    },
    async ({ ctx, input: { cursor, limit, projectId: _, deleted, ...filter } }) => {
      const of = {
        projectId: ctx.projectId,
        filter,
        deleted,
        position: readCursor(cursor),
        limit: limit + 1,
      };
      return toPage(await listMedia(ctx.reads, of), limit, viewMedia);
    },
  ),

  /**
   * How many bytes all projects of this one's owner take (`used`), how many they may (`quota`), and how large one
   * file may be (`largest`).
   */
  usage: project.query('media.usage', {}, async ({ ctx }) => ({
    used: await readUsage(ctx.reads, ctx.projectId),
    quota: ctx.settings.MEDIA_QUOTA_BYTES,
    largest: ctx.settings.MEDIA_MAX_BYTES,
  })),

  /** A URL from which anybody who has it may read the file, whole or in part, for an hour. */
  download: project.query(
    'media.download',
    { mediaId: uuid, disposition: z.enum(['attachment', 'inline']).default('attachment') },
    async ({ ctx, input }) => {
      const found = await requireMedia(ctx, input.mediaId);
      if (found.status !== 'ready') fail('MEDIA_NOT_READY', { status: found.status });
      return signDownload(ctx.storage, found, input.disposition);
    },
  ),

  /** Gives a file another name. */
  update: project.mutation('media.update', { mediaId: uuid, name }, ({ ctx, input }) =>
    ctx.write(
      (em) => renameMedia(em, { projectId: ctx.projectId, mediaId: input.mediaId }, input.name),
      viewMedia,
    ),
  ),

  /** Deletes a file softly; what was made from it stays. An upload that is not complete ends. */
  delete: project.mutation('media.delete', { mediaId: uuid }, ({ ctx, input }) =>
    ctx.write((em) => deleteMedia(em, { projectId: ctx.projectId, mediaId: input.mediaId }), viewMedia),
  ),

  /** Takes a deleted file back, within RETENTION_DAYS. */
  restore: project.mutation('media.restore', { mediaId: uuid }, ({ ctx, input }) =>
    ctx.write(
      (em) =>
        restoreMedia(em, { projectId: ctx.projectId, mediaId: input.mediaId }, ctx.settings.RETENTION_DAYS),
      viewMedia,
    ),
  ),
});
