import { z } from 'zod';
import { type MediaFile, mediaStatuses, mediaTypes } from '../entities/media/MediaFile.ts';
import { type ErrorCode, TesseraError, errorTable } from '../errors.ts';
import { moment, uuid } from './columns.ts';

export const mediaType = z.enum(mediaTypes);
export const mediaStatus = z.enum(mediaStatuses);

/** One of the streams of a file: its pictures, a sound track, subtitles. */
export const mediaStream = z.object({
  kind: z.enum(['video', 'audio', 'subtitle', 'image', 'data']),
  codec: z.string().nullable(),
  /** As the file says it, mostly ISO 639-2: `eng`. */
  language: z.string().nullable(),
  /** In pixels. */
  width: z.number().nullable(),
  height: z.number().nullable(),
  /** Pictures in a second, on average. */
  frameRate: z.number().nullable(),
  channels: z.number().nullable(),
  /** In Hz. */
  sampleRate: z.number().nullable(),
});
export type MediaStream = z.infer<typeof mediaStream>;

/** What was found out by looking at a file; `media_files.metadata` keeps it. */
export const mediaFacts = z.object({
  /** `mov`, `matroska`, `wav`, … */
  format: z.string(),
  bitRate: z.number().nullable(),
  streams: z.array(mediaStream),
  /** Of subtitles. */
  cues: z.number().nullable(),
});
export type MediaFacts = z.infer<typeof mediaFacts>;

export const mediaView = z.object({
  id: uuid,
  projectId: uuid,
  /** Who uploaded it. */
  userId: uuid.nullable(),
  name: z.string(),
  mediaType,
  status: mediaStatus,
  contentType: z.string().nullable(),
  /** In bytes. */
  size: z.number().nullable(),
  durationSeconds: z.number().nullable(),
  sha256: z.string().nullable(),
  /** The file that it was made from. */
  derivedFrom: uuid.nullable(),
  /** Null until the file is ready. */
  facts: mediaFacts.nullable(),
  /** What is wrong with a failed file, and what to do. */
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type MediaView = z.infer<typeof mediaView>;

/** A media file as others name it. */
export interface MediaRef {
  id: string;
  name: string;
  mediaType: MediaView['mediaType'];
  status: MediaView['status'];
}

/** A media file with where it comes from and what was made of it. */
export interface MediaDetails extends MediaView {
  /** What it was made from, and what that was made from, up to the original: nearest first. */
  origins: MediaRef[];
  /** What was made from it, newest first; the first hundred, the rest by `media.list`. */
  derivatives: MediaRef[];
}

/** A media file as the entity or as a row of `media_files`. */
export interface MediaRow extends Pick<
  MediaFile,
  'id' | 'projectId' | 'name' | 'mediaType' | 'status' | 'metadata' | 'createdAt' | 'updatedAt'
> {
  userId?: string | null | undefined;
  mimetype?: string | null | undefined;
  sizeBytes?: number | null | undefined;
  durationSeconds?: number | null | undefined;
  sha256?: string | null | undefined;
  derivedFrom?: string | null | undefined;
  errorCode?: string | null | undefined;
  errorMessage?: string | null | undefined;
}

const remedyOf = (code: string) => (code in errorTable ? new TesseraError(code as ErrorCode).remedy : '');

export function viewMedia(media: MediaRow): MediaView {
  const { errorCode } = media;
  return {
    id: media.id,
    projectId: media.projectId,
    userId: media.userId ?? null,
    name: media.name,
    mediaType: media.mediaType,
    status: media.status,
    contentType: media.mimetype ?? null,
    size: media.sizeBytes ?? null,
    durationSeconds: media.durationSeconds ?? null,
    sha256: media.sha256 ?? null,
    derivedFrom: media.derivedFrom ?? null,
    facts: media.status === 'ready' ? (mediaFacts.safeParse(media.metadata).data ?? null) : null,
    error: errorCode
      ? { code: errorCode, message: media.errorMessage ?? '', remedy: remedyOf(errorCode) }
      : null,
    createdAt: media.createdAt,
    updatedAt: media.updatedAt,
  };
}
