import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { isMissing } from './explainStorageFailure.ts';
import type { PackedBlob } from './PackFolder.ts';

/** An object that is open for reading: `size` bytes of a file, from `start` on. Whoever opened it closes the file. */
export interface OpenObject {
  file: FileHandle;
  start: number;
  size: number;
  /** A strong entity tag (RFC 9110 §8.8.3): another one means other bytes. */
  etag: string;
  modifiedAt: Date;
}

/** Opens an object that has a file of its own, null when there is none. */
export async function openAlone(path: string): Promise<OpenObject | null> {
  try {
    const file = await open(path, 'r');
    const info = await file.stat();
    // What replaces a file is another one, so that its number differs.
    const version = [info.ino, info.size, info.mtimeMs]
      .map((part) => Math.round(part).toString(36))
      .join('-');
    const object = { start: 0, size: info.size, etag: `"${version}"`, modifiedAt: info.mtime };
    if (info.isFile()) return { file, ...object };
    await file.close();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return null;
}

/** Opens a blob in its pack. */
export async function openPacked({ path, offset, size }: PackedBlob, sha256: string): Promise<OpenObject> {
  const file = await open(path, 'r');
  const { mtime } = await file.stat();
  return { file, start: offset, size, etag: `"${sha256}"`, modifiedAt: mtime };
}

/** A stream of some bytes of the object, both ends included, which closes the file. */
export async function streamPart(
  { file, start, size }: OpenObject,
  from: number,
  to: number,
): Promise<Readable> {
  const last = Math.min(to, size - 1);
  if (from <= last) return file.createReadStream({ start: start + from, end: start + last });
  await file.close();
  return Readable.from([]);
}
