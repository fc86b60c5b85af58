import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Logger } from 'pino';
import type { FileStorage } from '../../drivers/storage/openFileStorage.ts';
import type { UrlSigner } from '../../drivers/storage/UrlSigner.ts';
import { TesseraError, fail } from '../../errors.ts';
import type { Metrics } from '../metrics.ts';
import { StallWatch } from './StallWatch.ts';
import { receiveStored } from './receiveStored.ts';
import { sendStored } from './sendStored.ts';

export interface StorageDoorOptions {
  storage: FileStorage;
  signer: UrlSigner;
  log: Logger;
  metrics: Metrics;
  /** Origins of browsers that may read and upload from their pages; asked for each request. */
  allowedOrigins: () => ReadonlySet<string>;
  /** Milliseconds in which a transfer must have moved on. */
  stalledMs: number;
}

/** What a page on another origin may send and read. */
const corsHeaders = {
  'access-control-allow-methods': 'GET, HEAD, PUT',
  'access-control-allow-headers': 'content-type, range, if-range, if-none-match',
  'access-control-max-age': '600',
};
const exposed = 'accept-ranges, content-disposition, content-length, content-range, etag, last-modified';
/** How long the rest of a refused upload is read, so that its sender comes to see the answer. */
const lingerMs = 1_000;

function answerCors(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: ReadonlySet<string>,
): boolean {
  const { origin } = request.headers;
  const isPreflight = request.method === 'OPTIONS';
  response.setHeader('vary', 'origin');
  if (origin !== undefined && allowed.has(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', exposed);
    if (isPreflight) for (const [name, value] of Object.entries(corsHeaders)) response.setHeader(name, value);
  }
  if (isPreflight) response.writeHead(204).end();
  return isPreflight;
}

function hasBody({ headers, complete }: IncomingMessage): boolean {
  const isAnnounced =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return isAnnounced && !complete;
}

/** A body that is still coming is thrown away for a moment, and then the connection closed. */
function answerFailure(request: IncomingMessage, response: ServerResponse, failure: TesseraError): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { errorCode: code, message, remedy } = failure;
  const body = Buffer.from(JSON.stringify({ code, message, remedy }));
  const isOver = !hasBody(request);
  response.writeHead(getHTTPStatusCodeFromError(failure), {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isOver ? {} : { connection: 'close' }),
  });
  if (isOver) return void response.end(body);
  response.write(body);
  const finish = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, lingerMs);
  request.once('end', finish).once('close', finish).once('error', finish).resume();
}

function toFailure(error: unknown, requestId: string): TesseraError {
  return error instanceof TesseraError
    ? error
    : new TesseraError('INTERNAL', { requestId }, { cause: error });
}

/**
 * Answers `/storage/<key>?…`: what the URL is signed for and nothing else, to anybody who has it. No cookie and
 * no credential is read. Whatever is wrong with a URL, the answer is the same.
 */
export function serveStorage(
  options: StorageDoorOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { storage, signer, log, metrics } = options;
  const requests = metrics.counters(
    'tessera_storage_requests_total',
    'Requests with a signed URL: ok, an error code, or cut off.',
    'outcome',
  );
  /** Those under way, by key: a later one cuts off the one before it. */
  const uploads = new Map<string, IncomingMessage>();
  const sent = metrics.counter('tessera_storage_sent_bytes_total', 'Bytes of stored objects sent.');
  const received = metrics.counter('tessera_storage_received_bytes_total', 'Bytes of uploads stored.');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    const mark = url.includes('?') ? url.indexOf('?') : url.length;
    // Keys need no escapes, so one that was written with some is another.
    const key = url.slice('/storage/'.length, mark);
    const query = url.slice(mark + 1);
    const grant = signer.verify(key, new URLSearchParams(query), Date.now() / 1000);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (!grant || grant.method !== method) return fail('STORAGE_URL_REFUSED');
    const watch = new StallWatch(request.socket, options.stalledMs);
    try {
      if (grant.method === 'GET') {
        const object = await storage.openObject(key);
        sent(await sendStored(request, response, { grant, object, watch }));
      } else {
        // Each takes up to the signed size of the disk until it is over, so a URL that is used many times at once would fill it.
        uploads.get(key)?.destroy();
        uploads.set(key, request);
        await receiveStored(request, response, { grant, storage, watch });
        received(grant.size ?? 0);
      }
    } finally {
      watch.stop();
      if (uploads.get(key) === request) uploads.delete(key);
    }
  }

  return async (request, response) => {
    if (answerCors(request, response, options.allowedOrigins())) return;
    try {
      await answer(request, response);
      requests(response.writableFinished || response.writableEnded ? 'ok' : 'cut off');
    } catch (error) {
      if (request.destroyed && !request.complete) return requests('cut off');
      const failure = toFailure(error, randomUUID());
      requests(failure.errorCode);
      if (failure.errorCode === 'INTERNAL') log.error({ err: failure }, 'a stored file could not be served');
      answerFailure(request, response, failure);
    }
  };
}
