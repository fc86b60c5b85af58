import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { blobKey } from './checkKey.ts';
import { explainStorageFailure } from './explainStorageFailure.ts';
import { flushFile, flushFiles } from './flushFiles.ts';
import type { PackFolder } from './PackFolder.ts';
import { PackWriter } from './PackWriter.ts';
import type { BlobBatch, BlobBatchResult } from './Storage.ts';

/** How long synchronous file calls may hold up the event loop in one go. */
const sliceMs = 5;
/** From so many blobs, or so many bytes, on, a batch becomes a pack. */
const packFromBlobs = 256;
const packFromBytes = 4 * 2 ** 20;

/**
 * A batch of blobs for the store in `dir`. A small one is held in memory and becomes a file for each blob; a
 * large one is written to one pack as it comes. Both are made in a folder of their own, flushed, and only
 * then renamed into place: so what has its name has its content, also after a power cut.
 *
 * 10,000 blobs of 4 kB: 0.1 s as a pack, most of it beside the program; as files 0.6 s on a quiet disk, and
 * 1–5 s on one whose journal is busy.
 */
export async function openFileBlobBatch(
  dir: string,
  stagingDir: string,
  packs: PackFolder,
): Promise<BlobBatch> {
  const staging = join(stagingDir, randomUUID());
  await mkdir(staging, { recursive: true, mode: 0o700 });
  await packs.refresh();
  // Where there is a file for some blob; one that is made meanwhile may be stored twice.
  const folders = new Set(await readdir(join(dir, 'blobs')).catch(() => []));
  const held = new Map<string, Uint8Array>();
  let heldBytes = 0;
  let pack: PackWriter | undefined;
  let present = 0;
  let isOpen = true;
  let sliceStart = performance.now();

  function takeTurn(): Promise<void> | undefined {
    if (performance.now() - sliceStart < sliceMs) return undefined;
    return nextTurn().then(() => {
      sliceStart = performance.now();
    });
  }

  /** A file of another size is not what its name says, so the blob is written anew. */
  function isPresent(sha256: string, size: number): boolean {
    if (held.has(sha256) || pack?.places.has(sha256)) return true;
    if (packs.find(sha256)?.size === size) return true;
    if (!folders.has(sha256.slice(0, 2))) return false;
    return statSync(join(dir, blobKey(sha256)), { throwIfNoEntry: false })?.size === size;
  }

  function startPack(): Promise<void> | undefined {
    const writer = new PackWriter(join(staging, 'pack'));
    pack = writer;
    let waits: Promise<void> | undefined;
    for (const [sha256, bytes] of held) waits = writer.add(sha256, bytes);
    held.clear();
    return waits;
  }

  function put(sha256: string, bytes: Uint8Array): Promise<void> | void {
    if (!isOpen) throw new TypeError('the batch is committed or dropped');
    if (isPresent(sha256, bytes.length)) {
      present++;
      return takeTurn();
    }
    if (pack) return pack.add(sha256, bytes) ?? takeTurn();
    held.set(sha256, bytes);
    heldBytes += bytes.length;
    const isSmall = held.size < packFromBlobs && heldBytes < packFromBytes;
    return (isSmall ? undefined : startPack()) ?? takeTurn();
  }

  async function commitFiles(): Promise<void> {
    const files = [...held].map(([sha256, bytes]) => ({
      from: join(staging, sha256),
      to: join(dir, blobKey(sha256)),
      bytes,
    }));
    for (const { from, bytes } of files) {
      writeFileSync(from, bytes, { flag: 'wx', mode: 0o600 });
      const turn = takeTurn();
      if (turn) await turn;
    }
    await flushFiles(
      staging,
      files.map(({ from }) => from),
    );
    const targets = new Set(files.map(({ to }) => dirname(to)));
    for (const folder of targets) mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const { from, to } of files) renameSync(from, to);
    await flushFiles(dir, [...targets, join(dir, 'blobs'), dir]);
  }

  async function commitPack(writer: PackWriter): Promise<void> {
    await writer.finish();
    await rename(join(staging, 'pack'), join(packs.dir, `${randomUUID()}.pack`));
    await flushFile(packs.dir);
    await packs.refresh();
  }

  async function commit(): Promise<BlobBatchResult> {
    if (!isOpen) throw new TypeError('the batch is committed or dropped');
    isOpen = false;
    const written = held.size + (pack?.places.size ?? 0);
    try {
      if (pack) await commitPack(pack);
      else if (held.size > 0) await commitFiles();
      return { written, present };
    } catch (error) {
      return explainStorageFailure(error);
    } finally {
      await drop();
    }
  }

  async function drop(): Promise<void> {
    isOpen = false;
    await pack?.close();
    await rm(staging, { recursive: true, force: true });
  }

  return { put, commit, [Symbol.asyncDispose]: drop };
}
