import { fail } from '../../errors.ts';

/**
 * The content, up to the first byte that is too many. Raises MALFORMED_REQUEST when it is not of this size, and
 * the signal's reason once it is aborted.
 */
export async function* checkBytes(
  content: AsyncIterable<Uint8Array>,
  { size, signal }: { size?: number; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const refuse = (): never =>
    fail('MALFORMED_REQUEST', { reason: `${size} bytes were announced, and not as many came` });
  let came = 0;
  for await (const chunk of content) {
    signal?.throwIfAborted();
    came += chunk.length;
    if (size !== undefined && came > size) refuse();
    yield chunk;
  }
  if (size !== undefined && came !== size) refuse();
}

/** Throws RangeError unless these are the first and the last of some bytes. */
export function checkRange(start: number, end: number): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new RangeError(`not a range of bytes: ${start}–${end}`);
}
