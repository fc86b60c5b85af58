import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fail } from '../../errors.ts';
import { checkKey, readBlobKey } from './checkKey.ts';
import { explainStorageFailure, isMissing } from './explainStorageFailure.ts';
import { flushFile } from './flushFiles.ts';
import { listFiles } from './listFiles.ts';
import { listPacked, mergeObjects } from './listPacked.ts';
import { openFileBlobBatch } from './openFileBlobBatch.ts';
import { PackFolder, type PackedBlob } from './PackFolder.ts';
import type { Storage, StoredObject } from './Storage.ts';

/** Not possible keys: what is half written cannot be read or listed, and packs only through what they hold. */
const stagingName = '~staging';
const packsName = '~packs';
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

/** Bytes `start` to `start + size` of an open file. */
interface OpenObject {
  file: FileHandle;
  start: number;
  size: number;
}

async function openFile(path: string): Promise<OpenObject | null> {
  try {
    const file = await open(path, 'r');
    const info = await file.stat();
    if (info.isFile()) return { file, start: 0, size: info.size };
    await file.close();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return null;
}

/** A stream of some bytes of the object, which closes the file. */
async function readPart({ file, start, size }: OpenObject, from: number, to: number): Promise<Readable> {
  const last = Math.min(to, size - 1);
  if (from <= last) return file.createReadStream({ start: start + from, end: start + last });
  await file.close();
  return Readable.from([]);
}

/**
 * The embedded default: objects are files below `dir` (created at need, readable by this user alone); the
 * blobs of a large batch share one (see openFileBlobBatch.ts). Several processes of one machine may share the
 * folder. Every write goes to a temporary file first, and into place by rename, after it was flushed to the
 * disk.
 */
export async function openFileStorage(dir: string): Promise<Storage> {
  const root = resolve(dir);
  const staging = join(root, stagingName);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  await removeLeftovers(staging);
  const packs = await PackFolder.open(join(root, packsName));

  function locate(key: string): string {
    checkKey(key);
    return join(root, key);
  }

  async function findPacked(key: string): Promise<PackedBlob | null> {
    const name = readBlobKey(key);
    if (name === null) return null;
    await packs.refresh();
    return packs.find(name);
  }

  async function openForReading(key: string): Promise<OpenObject> {
    const alone = await openFile(locate(key));
    if (alone) return alone;
    const packed = await findPacked(key);
    if (packed) return { file: await open(packed.path, 'r'), start: packed.offset, size: packed.size };
    return fail('NOT_FOUND', { thing: 'stored file' });
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
    return readPart(await openForReading(key), 0, Number.POSITIVE_INFINITY);
  }

  async function getRange(key: string, start: number, end: number): Promise<Readable> {
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
      throw new RangeError(`not a range of bytes: ${start}–${end}`);
    }
    return readPart(await openForReading(key), start, end);
  }

  async function getBuffer(key: string, maxBytes: number): Promise<Buffer> {
    const { file, start, size } = await openForReading(key);
    await using _ = file;
    if (size > maxBytes) throw new RangeError(`${key} has ${size} bytes, more than ${maxBytes}`);
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await file.read(bytes, 0, size, start);
    // A regular file gives all that it has at once (read(2) gives at most 2 GiB); less means that it lost its end.
    return bytes.subarray(0, bytesRead);
  }

  async function head(key: string): Promise<{ size: number } | null> {
    try {
      const info = await stat(locate(key));
      if (info.isFile()) return { size: info.size };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const packed = await findPacked(key);
    return packed && { size: packed.size };
  }

  async function remove(key: string): Promise<void> {
    await rm(locate(key), { force: true });
    const name = readBlobKey(key);
    if (name !== null) await packs.remove(name);
  }

  return {
    putStream,
    openBlobBatch: () => openFileBlobBatch(root, staging, packs),
    async putBlobs(blobs) {
      await using batch = await openFileBlobBatch(root, staging, packs);
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
    delete: remove,
    list: (prefix) => mergeObjects(listFiles(root, prefix), listPacked(packs, prefix)),
  };
}
