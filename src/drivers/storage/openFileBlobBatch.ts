import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { blobKey } from './checkKey.ts';
import { explainStorageFailure } from './explainStorageFailure.ts';
import { flushFiles } from './flushFiles.ts';
import type { BlobBatch, BlobBatchResult } from './Storage.ts';

/** How long synchronous file calls may hold up the event loop in one go. */
const sliceMs = 5;

/**
 * A batch of blobs for the store in `dir`. The files are written to a folder of their own, flushed together,
 * and only then renamed into place: so a file that has its name has its content, also after a power cut, and
 * an existing name is reason enough to skip a blob. Another flush makes the names durable.
 *
 * Synchronous calls in slices: 10,000 blobs of 4 kB take 0.2 s to write, against 0.6 s through the four
 * threads that serve `fs/promises`.
 */
export async function openFileBlobBatch(dir: string, stagingDir: string): Promise<BlobBatch> {
  const staging = join(stagingDir, randomUUID());
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const staged = new Map<string, { from: string; to: string }>();
  let present = 0;
  let isOpen = true;
  let sliceStart = performance.now();

  async function letOthersRun(): Promise<void> {
    await nextTurn();
    sliceStart = performance.now();
  }

  function takeTurn(): Promise<void> | undefined {
    return performance.now() - sliceStart < sliceMs ? undefined : letOthersRun();
  }

  function put(sha256: string, bytes: Uint8Array): Promise<void> | void {
    if (!isOpen) throw new TypeError('the batch is committed or dropped');
    const to = join(dir, blobKey(sha256));
    // A file of another size is not what its name says, so it is written anew.
    if (staged.has(sha256) || statSync(to, { throwIfNoEntry: false })?.size === bytes.length) {
      present++;
    } else {
      const from = join(staging, sha256);
      try {
        writeFileSync(from, bytes, { flag: 'wx', mode: 0o600 });
      } catch (error) {
        explainStorageFailure(error);
      }
      staged.set(sha256, { from, to });
    }
    return takeTurn();
  }

  async function moveIntoPlace(): Promise<Set<string>> {
    const folders = new Set<string>();
    for (const { from, to } of staged.values()) {
      const folder = dirname(to);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
      folders.add(folder);
      renameSync(from, to);
      const turn = takeTurn();
      if (turn) await turn;
    }
    return folders;
  }

  async function commit(): Promise<BlobBatchResult> {
    if (!isOpen) throw new TypeError('the batch is committed or dropped');
    isOpen = false;
    try {
      if (staged.size > 0) {
        await flushFiles(
          staging,
          [...staged.values()].map(({ from }) => from),
        );
        sliceStart = performance.now();
        const folders = await moveIntoPlace();
        await flushFiles(dir, [...folders, join(dir, 'blobs'), dir]);
      }
      return { written: staged.size, present };
    } catch (error) {
      return explainStorageFailure(error);
    } finally {
      await drop();
    }
  }

  async function drop(): Promise<void> {
    isOpen = false;
    await rm(staging, { recursive: true, force: true });
  }

  return { put, commit, [Symbol.asyncDispose]: drop };
}
