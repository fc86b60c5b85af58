import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileStorage } from '../../drivers/storage/openFileStorage.ts';
import type { UrlGrant } from '../../drivers/storage/UrlSigner.ts';
import { fail } from '../../errors.ts';
import type { StallWatch } from './StallWatch.ts';

function declaredSize(request: IncomingMessage): number | null {
  const text = request.headers['content-length'];
  return text === undefined ? null : Number(text);
}

const normalise = (type: string | undefined) => type?.trim().toLowerCase().replaceAll(/;\s+/g, ';');

/** Refuses what the head of the request already shows to be something else than was signed for. */
function checkHead(
  request: IncomingMessage,
  { contentType, size }: { contentType: string; size: number },
): void {
  const { 'content-type': given, 'content-encoding': encoding = 'identity' } = request.headers;
  if (normalise(given) !== normalise(contentType) || encoding !== 'identity')
    fail('UPLOAD_TYPE_REFUSED', { expected: contentType });
  const declared = declaredSize(request);
  if (declared !== null && declared > size) fail('UPLOAD_TOO_LARGE', { size });
  if (declared !== null && declared < size) fail('UPLOAD_INCOMPLETE', { size });
}

/**
 * Frees what was received, which the storage has copied by now. Left to the garbage collector, 1 GB makes it mark the
 * whole heap about thirty times: up to 2 s of a processor instead of 0.3 s.
 */
function release({ buffer, byteLength }: Buffer): void {
  // A part of a larger buffer is not its only user.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** The body, as long as it is not too much. Each chunk is gone when the next one is asked for. */
async function* readBody(
  request: IncomingMessage,
  size: number,
  watch: StallWatch,
): AsyncGenerator<Uint8Array> {
  let came = 0;
  // Left open when it is too much: the answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    came += chunk.length;
    if (came > size) fail('UPLOAD_TOO_LARGE', { size });
    watch.count(chunk.length);
    yield chunk;
    release(chunk);
  }
  // From here on it is the disk that is waited for.
  watch.stop();
  if (came < size) fail('UPLOAD_INCOMPLETE', { size });
}

/**
 * Stores the body of a PUT, as it comes, if it is what was signed for; otherwise nothing.
 * Raises UPLOAD_TYPE_REFUSED, UPLOAD_TOO_LARGE, UPLOAD_INCOMPLETE, UNAVAILABLE.
 */
export async function receiveStored(
  request: IncomingMessage,
  response: ServerResponse,
  { grant, storage, watch }: { grant: UrlGrant; storage: FileStorage; watch: StallWatch },
): Promise<void> {
  const { key, contentType, size } = grant;
  const expected = { contentType, size: size ?? 0 };
  checkHead(request, expected);
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  await storage.putStream(key, readBody(request, expected.size, watch));
  response.writeHead(200, { 'content-length': 0 }).end();
}
