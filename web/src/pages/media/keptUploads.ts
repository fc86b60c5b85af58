/** An upload that was begun and has not ended, as this browser remembers it. */
export interface KeptUpload {
  projectId: string;
  mediaId: string;
  /** That of `media.createUpload`: repeated, it answers new addresses for the same upload. */
  mutationId: string;
  name: string;
  size: number;
  contentType: string;
  lastModified: number;
  derivedFrom: string | null;
  /** Milliseconds since 1970; after it nothing more is taken. */
  expiresAt: number;
}

const key = 'tessera.uploads';

/** Uploads that can still be gone on with. */
export function readKept(): KeptUpload[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '[]') as KeptUpload[];
    return kept.filter(({ expiresAt }) => expiresAt > Date.now());
  } catch {
    return [];
  }
}

function write(kept: KeptUpload[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Without room the upload goes on all the same; it only cannot be resumed after a reload.
  }
}

export const keep = (upload: KeptUpload): void =>
  write([...readKept().filter(({ mediaId }) => mediaId !== upload.mediaId), upload]);
export const forget = (mediaId: string): void =>
  write(readKept().filter((upload) => upload.mediaId !== mediaId));

/** Whether a file is, as far as can be told, the one whose upload was begun. */
export const isSame = (upload: KeptUpload, file: File): boolean =>
  upload.name === file.name && upload.size === file.size && upload.lastModified === file.lastModified;
