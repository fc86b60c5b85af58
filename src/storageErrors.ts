/** Rows of the table of errors about stored files and their signed URLs: see errors.ts. */
import type { ErrorRow } from './errors.ts';

export const storageErrors = {
  STORAGE_URL_REFUSED: {
    trpc: 'FORBIDDEN',
    message: 'This URL is not valid, or not any more.',
    remedy:
      'Ask the procedure that gave it for a new one, and use it unchanged, with its method, before it expires.',
  },
  STORAGE_REFUSED: {
    trpc: 'INTERNAL_SERVER_ERROR',
    message: 'The bucket {bucket} cannot be used: {reason}.',
    remedy:
      'Check STORAGE_URL, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY; docs/storage.md says what the account must be allowed.',
  },
  UPLOAD_TOO_LARGE: {
    trpc: 'PAYLOAD_TOO_LARGE',
    message: 'The upload is larger than the {size} bytes that its URL was made for; nothing was stored.',
    remedy: 'Ask for a URL with the real size of the file.',
  },
  UPLOAD_INCOMPLETE: {
    trpc: 'BAD_REQUEST',
    message: 'The upload has fewer than the {size} bytes that its URL was made for; nothing was stored.',
    remedy: 'Send the whole file, or ask for a URL with its real size.',
  },
  UPLOAD_TYPE_REFUSED: {
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'The upload is not declared as {expected}, which its URL was made for; nothing was stored.',
    remedy: 'Send the headers that came with the URL as they are, and no Content-Encoding.',
  },
} as const satisfies Record<string, ErrorRow>;
