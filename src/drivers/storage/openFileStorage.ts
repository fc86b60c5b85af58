import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fail } from '../../errors.ts';
import { checkBytes, checkRange } from './checkBytes.ts';
import { checkKey, readBlobKey } from './checkKey.ts';
import { checkSigning } from './checkSigning.ts';
import { cutName } from './disposition.ts';
import { explainStorageFailure, isMissing } from './explainStorageFailure.ts';
import { flushFile } from './flushFiles.ts';
import { listFiles } from './listFiles.ts';
import { listPacked, mergeObjects } from './listPacked.ts';
import { openFileBlobBatch } from './openFileBlobBatch.ts';
import { type OpenObject, openAlone, openPacked, streamPart } from './openObject.ts';
import { PackFolder, type PackedBlob } from './PackFolder.ts';
import type { SignGetOptions, SignPutOptions, SignedPut, Storage, StoredObject } from './Storage.ts';
import type { UrlGrant, UrlSigner } from './UrlSigner.ts';
import { writeChunks } from './writeChunks.ts';

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

/** Makes the folder, durably: each folder that gained a name is flushed. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let path = dirname(folder); ; path = dirname(path)) {
    await flushFile(path);
    if (path === dirname(first)) return;
  }
}

/** A storage whose objects are files, so that they can be served from here. */
export interface FileStorage extends Storage {
  /** Raises NOT_FOUND. */
  openObject(key: string): Promise<OpenObject>;
}

/** How the objects are reached over HTTP. */
export interface FileUrls {
  signer: UrlSigner;
  /** Address of the door that serves them (serveStorage.ts), without a slash at the end; asked for each URL. */
  address: () => string;
}

function signUrl(urls: FileUrls | undefined, seconds: number, grant: Omit<UrlGrant, 'expires'>): string {
  if (!urls) throw new TypeError('this storage was opened without keys for URLs');
  const expires = Math.floor(Date.now() / 1000) + seconds;
  return `${urls.address()}/${grant.key}?${urls.signer.sign({ ...grant, expires })}`;
}

/**
 * The embedded default: objects are files below `dir` (created at need, readable by this user alone); the
 * blobs of a large batch share one (see openFileBlobBatch.ts). Several processes of one machine may share the
 * folder. Every write goes to a temporary file first, and into place by rename, after it was flushed to the
 * disk.
 */
export async function openFileStorage(dir: string, urls?: FileUrls): Promise<FileStorage> {
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

  async function openObject(key: string): Promise<OpenObject> {
    const alone = await openAlone(locate(key));
    if (alone) return alone;
    const packed = await findPacked(key);
    if (packed) return openPacked(packed, readBlobKey(key) ?? '');
    return fail('NOT_FOUND', { thing: 'stored file' });
  }

  async function putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: { size?: number; signal?: AbortSignal } = {},
  ): Promise<StoredObject> {
    const path = locate(key);
    const temporary = join(staging, randomUUID());
    let size = 0;
    try {
      {
        await using file = await open(temporary, 'wx', 0o600);
        size = await writeChunks(file, checkBytes(content, options));
      }
      await makeFolder(dirname(path));
      await rename(temporary, path);
      await flushFile(dirname(path));
    } catch (error) {
      await rm(temporary, { force: true });
      options.signal?.throwIfAborted();
      return explainStorageFailure(error);
    }
    return { key, size };
  }

  async function getStream(key: string): Promise<Readable> {
    return streamPart(await openObject(key), 0, Number.POSITIVE_INFINITY);
  }

  async function getRange(key: string, start: number, end: number): Promise<Readable> {
    checkRange(start, end);
    return streamPart(await openObject(key), start, end);
  }

  async function getBuffer(key: string, maxBytes: number): Promise<Buffer> {
    const { file, start, size } = await openObject(key);
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

  async function move(from: string, to: string): Promise<void> {
    const source = locate(from);
    const target = locate(to);
    const info = await stat(source).catch(() => null);
    // Not alone: in a pack, from which it is copied, or nowhere.
    if (!info?.isFile()) {
      await putStream(to, await getStream(from));
      return remove(from);
    }
    await makeFolder(dirname(target));
    await rename(source, target);
    await flushFile(dirname(target));
    await flushFile(dirname(source));
  }

  async function signGet(key: string, options: SignGetOptions): Promise<string> {
    checkKey(key);
    checkSigning(options);
    const { contentType, disposition, filename = key.slice(key.lastIndexOf('/') + 1) } = options;
    const grant = { method: 'GET', key, contentType, size: null, disposition, filename } as const;
    return signUrl(urls, options.expiresInSeconds, { ...grant, filename: cutName(filename) });
  }

  async function signPut(key: string, options: SignPutOptions): Promise<SignedPut> {
    checkKey(key);
    checkSigning(options);
    const { contentType, size } = options;
    const grant = { method: 'PUT', key, contentType, size, disposition: null, filename: null } as const;
    const url = signUrl(urls, options.expiresInSeconds, grant);
    return {
      url,
      method: 'PUT',
      headers: { 'content-type': contentType },
    };
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
    openObject,
    getStream,
    getRange,
    getBuffer,
    head,
    delete: remove,
    move,
    signGet,
    signPut,
    list: (prefix) => mergeObjects(listFiles(root, prefix), listPacked(packs, prefix)),
  };
}
