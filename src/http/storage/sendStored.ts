import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeDisposition } from '../../drivers/storage/disposition.ts';
import type { OpenObject } from '../../drivers/storage/openObject.ts';
import type { UrlGrant } from '../../drivers/storage/UrlSigner.ts';
import { readRange } from './readRange.ts';
import type { StallWatch } from './StallWatch.ts';

/** Bytes read and written in one call; two such parts are in memory for each transfer. */
const partBytes = 512 * 1024;

/** What any answer with stored bytes carries: they are somebody's, so they are neither believed nor run. */
const guards = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'referrer-policy': 'no-referrer',
  // Players on front ends of other origins; who has the URL may read it in any case.
  'cross-origin-resource-policy': 'cross-origin',
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
};

/** Resolves once the bytes are with the kernel; false when the reader has gone. */
function write(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(bytes, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}

/** Sends bytes `from` to `to`: while one part is written the next is read, into the same two buffers throughout. */
async function sendPart(
  { file, start }: OpenObject,
  { from, to }: { from: number; to: number },
  response: ServerResponse,
  watch: StallWatch,
): Promise<void> {
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(partBytes, to - from + 1)));
  let writing: Promise<boolean> = Promise.resolve(true);
  try {
    for (let at = from, turn = 0; at <= to; turn ^= 1) {
      const buffer = buffers[turn] ?? Buffer.alloc(0);
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at + 1), start + at);
      // The file lost its end: what was promised cannot be given, which only a broken connection says.
      if (bytesRead === 0) return void response.destroy();
      if (!(await writing)) return;
      writing = write(response, buffer.subarray(0, bytesRead)).then((isSent) => {
        watch.count(bytesRead);
        return isSent;
      });
      at += bytesRead;
    }
    if (await writing) response.end();
  } finally {
    await writing;
  }
}

const unquote = (tag: string) => tag.trim().replace(/^W\//, '');

function isUnchanged(request: IncomingMessage, etag: string): boolean {
  const known = request.headers['if-none-match'];
  return known !== undefined && known.split(',').some((tag) => tag.trim() === '*' || unquote(tag) === etag);
}

/** Whether a part may be given: the reader's other parts are of this very object (RFC 9110 §13.1.5). */
function isSameForRange(request: IncomingMessage, { etag, modifiedAt }: OpenObject): boolean {
  const condition = request.headers['if-range'];
  const given = Array.isArray(condition) ? condition[0] : condition;
  return given === undefined || given === etag || given === modifiedAt.toUTCString();
}

/**
 * Answers GET and HEAD with the object, a part of it, 304 or 416. Closes the object. @returns bytes that were asked for.
 */
export async function sendStored(
  request: IncomingMessage,
  response: ServerResponse,
  { grant, object, watch }: { grant: UrlGrant; object: OpenObject; watch: StallWatch },
): Promise<number> {
  await using _ = object.file;
  const { size, etag, modifiedAt } = object;
  const headers = { ...guards, etag, 'last-modified': modifiedAt.toUTCString() };
  if (isUnchanged(request, etag)) {
    response.writeHead(304, headers).end();
    return 0;
  }
  const mayBePart = request.method === 'GET' && isSameForRange(request, object);
  const range = mayBePart ? readRange(request.headers.range, size) : 'whole';
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return 0;
  }
  const { from, to } = range === 'whole' ? { from: 0, to: size - 1 } : range;
  const length = to - from + 1;
  response.writeHead(range === 'whole' ? 200 : 206, {
    ...headers,
    'content-type': grant.contentType,
    'content-length': length,
    'content-disposition': writeDisposition(grant.disposition ?? 'attachment', grant.filename ?? ''),
    ...(range === 'whole' ? {} : { 'content-range': `bytes ${from}-${to}/${size}` }),
  });
  if (request.method === 'HEAD' || length === 0) {
    response.end();
    return 0;
  }
  await sendPart(object, { from, to }, response, watch);
  return length;
}
