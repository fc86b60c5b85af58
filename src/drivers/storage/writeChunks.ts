import type { FileHandle } from 'node:fs/promises';

/** Bytes that are gathered before they are written in one call: few enough to stay in a processor's own cache. */
const writeBytes = 256 * 1024;
/** Bytes after which the disk is set to work. */
const flushBytes = 32 * 2 ** 20;

/** Writes all of it; a signal or a full disk may cut a call short, and the next one then tells why. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}

/**
 * Writes what the source gives at the file's end, and flushes it to the disk. While one part is written the
 * next is read, and the disk works beside both, so that little is left for the flush at the end; memory holds
 * two parts. @returns bytes written.
 *
 * Each chunk is copied before the next one is asked for, so that the source may free it then. (Gathered for one
 * `writev` chunks live long enough to make the garbage collector the largest cost of an upload.)
 */
export async function writeChunks(file: FileHandle, content: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  let gathering: Buffer = Buffer.allocUnsafeSlow(writeBytes);
  let resting: Buffer | undefined;
  let gathered = 0;
  let unflushed = 0;
  let writing: Promise<void> = Promise.resolve();
  let flushing: Promise<void> = Promise.resolve();

  async function send(): Promise<void> {
    await writing;
    writing = writeAll(file, gathering.subarray(0, gathered));
    // Reported by whoever awaits it next.
    writing.catch(() => {});
    unflushed += gathered;
    [gathering, resting] = [resting ?? Buffer.allocUnsafeSlow(writeBytes), gathering];
    gathered = 0;
    if (unflushed < flushBytes) return;
    unflushed = 0;
    await flushing;
    flushing = writing.then(() => file.datasync());
    flushing.catch(() => {});
  }

  try {
    for await (const chunk of content) {
      size += chunk.length;
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + writeBytes - gathered);
        gathering.set(part, gathered);
        gathered += part.length;
        at += part.length;
        if (gathered === writeBytes) await send();
      }
    }
    if (gathered > 0) await send();
    await writing;
    await flushing;
    await file.sync();
    return size;
  } finally {
    // The file's descriptor may be given to another file once it is closed.
    await Promise.allSettled([writing, flushing]);
  }
}
