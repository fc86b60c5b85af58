import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fail } from '../../errors.ts';
import { checkKey } from './checkKey.ts';
import { explainStorageFailure, isMissing } from './explainStorageFailure.ts';
import { flushFile } from './flushFiles.ts';
import { listFiles } from './listFiles.ts';
import { openFileBlobBatch } from './openFileBlobBatch.ts';
import type { Storage, StoredObject } from './Storage.ts';

/** Not a possible key, so nothing that is half written can be read or listed. */
const stagingName = '~staging';
const leftoverAgeMs = 24 * 3_600_000;

async function removeLeftovers(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const info = await stat(path).catch(() => null);
    // Younger ones may belong to another process that is still writing.
    if (info && Date.now() - info.mtimeMs > leftoverAgeMs) await rm(path, { recursive: true, force: true });
  }
}

async function* countBytes(
  content: AsyncIterable<Uint8Array>,
  expected: number | undefined,
  counter: { size: number },
): AsyncGenerator<Uint8Array> {
  const refuse = (): never =>
    fail('MALFORMED_REQUEST', { reason: `${expected} bytes were announced, and not as many came` });
  for await (const chunk of content) {
    counter.size += chunk.length;
    if (expected !== undefined && counter.size > expected) refuse();
    yield chunk;
  }
  if (expected !== undefined && counter.size !== expected) refuse();
}

/** Makes the folder, durably: each folder that gained a name is flushed. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let path = dirname(folder); ; path = dirname(path)) {
    await flushFile(path);
    if (path === dirname(first)) return;
  }
}

async function openForReading(path: string): Promise<{ file: FileHandle; size: number }> {
  try {
    const file = await open(path, 'r');
    const info = await file.stat();
    if (info.isFile()) return { file, size: info.size };
    await file.close();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return fail('NOT_FOUND', { thing: 'stored file' });
}

/**
 * The embedded default: each object is a file below `dir` (created at need, readable by this user alone).
 * Several processes of one machine may share the folder. Every write goes to a temporary file first, and
 * into place by rename, after it was flushed to the disk.
 */
export async function openFileStorage(dir: string): Promise<Storage> {
  const root = resolve(dir);
  const staging = join(root, stagingName);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  await removeLeftovers(staging);

  function locate(key: string): string {
    checkKey(key);
    return join(root, key);
  }

  async function putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: { size?: number; signal?: AbortSignal } = {},
  ): Promise<StoredObject> {
    const path = locate(key);
    const temporary = join(staging, randomUUID());
    const counter = { size: 0 };
    try {
      {
        await using file = await open(temporary, 'wx', 0o600);
        await file.writeFile(countBytes(content, options.size, counter), { signal: options.signal });
        await file.sync();
      }
      await makeFolder(dirname(path));
      await rename(temporary, path);
      await flushFile(dirname(path));
    } catch (error) {
      await rm(temporary, { force: true });
      options.signal?.throwIfAborted();
      return explainStorageFailure(error);
    }
    return { key, size: counter.size };
  }

  async function getStream(key: string): Promise<Readable> {
    const { file } = await openForReading(locate(key));
    return file.createReadStream();
  }

  async function getRange(key: string, start: number, end: number): Promise<Readable> {
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
      throw new RangeError(`not a range of bytes: ${start}–${end}`);
    }
    const { file } = await openForReading(locate(key));
    return file.createReadStream({ start, end });
  }

  async function getBuffer(key: string, maxBytes: number): Promise<Buffer> {
    const { file, size } = await openForReading(locate(key));
    await using _ = file;
    if (size > maxBytes) throw new RangeError(`${key} has ${size} bytes, more than ${maxBytes}`);
    return file.readFile();
  }

  async function head(key: string): Promise<{ size: number } | null> {
    try {
      const info = await stat(locate(key));
      return info.isFile() ? { size: info.size } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  return {
    putStream,
    openBlobBatch: () => openFileBlobBatch(root, staging),
    async putBlobs(blobs) {
      await using batch = await openFileBlobBatch(root, staging);
      for await (const { sha256, bytes } of blobs) {
        const turn = batch.put(sha256, bytes);
        if (turn) await turn;
      }
      return await batch.commit();
    },
    getStream,
    getRange,
    getBuffer,
    head,
    delete: (key) => rm(locate(key), { force: true }),
    list: (prefix) => listFiles(root, prefix),
  };
}
