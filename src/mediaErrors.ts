/** Rows of the table of errors about media files and their uploads: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const mediaErrors = {
  MEDIA_TOO_LARGE: {
    trpc: 'PAYLOAD_TOO_LARGE',
    message: 'The file has {size} bytes; this server takes files of up to {limit}.',
    remedy: 'Upload a smaller version, or ask the operator to raise MEDIA_MAX_BYTES.',
  },
  MEDIA_QUOTA_EXCEEDED: {
    trpc: 'PAYLOAD_TOO_LARGE',
    message:
      'The owner of the project may store {quota} bytes of media; {used} are taken, and this needs {size}.',
    remedy:
      'Delete files that are no longer needed: what is deleted counts until it is removed for good. Or ask the operator to raise MEDIA_QUOTA_BYTES.',
  },
  MEDIA_FORMAT_UNKNOWN: {
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Files of the type {contentType} are not taken as {mediaType}.',
    remedy: 'Convert the file to one of: {allowed}.',
  },
  MEDIA_TYPE_MISMATCH: {
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The file was announced as {expected}, and its bytes are {found}; nothing was kept.',
    remedy: 'Announce with `media.createUpload` what the file is, or convert it, and upload it again.',
  },
  MEDIA_UPLOAD_INCOMPLETE: {
    trpc: 'CONFLICT',
    message: '{received} of the {size} bytes of the file have come.',
    remedy: 'Go on with the upload, and call `media.completeUpload` again when all of it is sent.',
  },
  MEDIA_UPLOAD_BUSY: {
    trpc: 'CONFLICT',
    message: 'The file is being uploaded or completed by another request.',
    remedy: 'Wait until that one has ended, then try again.',
  },
  MEDIA_UPLOAD_EXPIRED: {
    trpc: 'CONFLICT',
    message: 'The upload was not completed in time; nothing was kept.',
    remedy: 'Begin a new upload with `media.createUpload`.',
  },
  MEDIA_UPLOAD_URL_REFUSED: {
    trpc: 'FORBIDDEN',
    message: 'This upload URL is not valid, or not any more.',
    remedy: 'Begin a new upload with `media.createUpload`, and use its URLs unchanged, before they expire.',
  },
  MEDIA_NOT_READY: {
    trpc: 'CONFLICT',
    message: 'The file cannot be used: it is {status}.',
    remedy: 'Wait for the event `media.ready`; of a failed file `media.get` says what is wrong with it.',
  },
  MEDIA_HOSTILE: {
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    message:
      'The file refers to other files or addresses ({found}), which is never followed; nothing was kept.',
    remedy: 'Upload the media itself, and not a playlist, manifest or script about it.',
  },
  MEDIA_UNREADABLE: {
    trpc: 'BAD_REQUEST',
    message: 'The file cannot be read as {type}: {reason}. Nothing was kept.',
    remedy: 'Check that the file plays, or convert it, and upload it again.',
  },
  MEDIA_TRUNCATED: {
    trpc: 'BAD_REQUEST',
    message: 'The file ends too early: {reason}. Nothing was kept.',
    remedy: 'Export or copy the file again, and upload it whole.',
  },
  MEDIA_SILENT: {
    trpc: 'BAD_REQUEST',
    message: 'The file has no {stream}, which {mediaType} needs; nothing was kept.',
    remedy: 'Export it with its pictures and its sound, or announce it as what it is.',
  },
  MEDIA_PROBE_LIMIT: {
    trpc: 'BAD_REQUEST',
    message: 'Looking at the file took more {resource} than it may; nothing was kept.',
    remedy: 'Convert the file to a plain one with few streams, and upload it again.',
  },
  MEDIA_PROBER_MISSING: {
    trpc: 'SERVICE_UNAVAILABLE',
    message: 'ffprobe, by which files are looked at, is not installed on the worker; the file is kept.',
    remedy: 'Ask the operator to install ffmpeg (scripts/install-debian-packages), then call `jobs.retry`.',
  },
  MEDIA_BYTES_GONE: {
    trpc: 'CONFLICT',
    message: 'The bytes of this file are no longer kept.',
    remedy: 'Upload the file again with `media.createUpload`.',
  },
} as const satisfies Record<string, ErrorRow>;
