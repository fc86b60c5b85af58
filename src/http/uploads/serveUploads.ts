import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@tus/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type pg from 'pg';
import type { Logger } from 'pino';
import { UploadTokens } from '../../domain/media/UploadTokens.ts';
import type { SecretBox } from '../../drivers/secrets/SecretBox.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { TesseraError } from '../../errors.ts';
import { UploadLocker } from './UploadLocker.ts';
import { UploadStore } from './UploadStore.ts';

export interface UploadDoorOptions {
  reads: pg.Pool;
  storage: Storage;
  secrets: SecretBox;
  log: Logger;
  /** Origins of browsers that may upload from their pages; asked for each request. */
  allowedOrigins: () => ReadonlySet<string>;
  /** Milliseconds in which a request must have moved on. */
  stalledMs: number;
}

export const uploadsPath = '/tus/';
/** Uploads are made by `media.createUpload`, and removed by `media.delete`. */
const methods = new Set(['HEAD', 'PATCH', 'OPTIONS']);
/** How long a request that holds an upload is given to store what it got, once another wants it. */
const drainMs = 500;
/** How long the rest of a refused body is read, so that its sender comes to see the answer. */
const lingerMs = 1_000;
/** What must come within the time. */
const leastBytes = 16 * 1024;

const bodyOf = ({ errorCode: code, message, remedy }: TesseraError) =>
  JSON.stringify({ code, message, remedy });

const tokenOf = (url: string) =>
  /^([\w.-]+)$/.exec(url.slice(url.lastIndexOf(uploadsPath) + uploadsPath.length))?.[1] ?? '';

/** Cuts off who sends a byte now and then, and would keep the connection, and the upload, for ever. */
function cutOffStalled({ socket }: IncomingMessage, milliseconds: number): () => void {
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead - before < leastBytes) socket.destroy();
    before = socket.bytesRead;
  }, milliseconds);
  return () => clearInterval(timer);
}

function refuse(request: IncomingMessage, response: ServerResponse, failure: TesseraError): void {
  const status = request.method && methods.has(request.method) ? getHTTPStatusCodeFromError(failure) : 405;
  response.writeHead(status, {
    'content-type': 'application/json',
    'tus-resumable': '1.0.0',
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : bodyOf(failure));
}

/**
 * Answers `/tus/<token>` by the protocol of resumable uploads (tus 1.0.0, its core). The token says which upload it is,
 * and is all that is asked of the caller: no cookie and no credential is read.
 */
export function serveUploads(
  options: UploadDoorOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { reads, storage, secrets, log } = options;
  const tokens = new UploadTokens(secrets);
  const grantOf = (url: string) => tokens.verify(tokenOf(url), new Date());
  const isAllowed = (origin: string) => options.allowedOrigins().has(origin);
  const tus = new Server({
    path: uploadsPath,
    datastore: new UploadStore(reads, storage),
    locker: new UploadLocker(reads),
    lockDrainTimeout: drainMs,
    allowedOrigins: isAllowed,
    getFileIdFromRequest: (request) => grantOf(new URL(request.url).pathname)?.mediaId,
    onResponseError(_request, error) {
      // What tus itself says is its protocol's.
      if (!(error instanceof Error) || 'status_code' in error) return undefined;
      const failure =
        error instanceof TesseraError
          ? error
          : new TesseraError('INTERNAL', { requestId: randomUUID() }, { cause: error });
      if (failure.errorCode === 'INTERNAL') log.error({ err: failure }, 'an upload could not be stored');
      return { status_code: getHTTPStatusCodeFromError(failure), body: bodyOf(failure) };
    },
  });

  return async (request, response) => {
    response.setHeader('vary', 'origin');
    response.setHeader('cache-control', 'no-store');
    const { origin } = request.headers;
    if (origin !== undefined && isAllowed(origin)) response.setHeader('access-control-allow-origin', origin);
    const isKnown = methods.has(request.method ?? '');
    if (!isKnown || (request.method !== 'OPTIONS' && !grantOf(request.url ?? '')))
      return refuse(
        request,
        response,
        new TesseraError(isKnown ? 'MEDIA_UPLOAD_URL_REFUSED' : 'METHOD_NOT_SUPPORTED'),
      );
    const endWatch = cutOffStalled(request, options.stalledMs);
    if (request.headers.expect === '100-continue') response.writeContinue();
    response.once('finish', () => {
      if (request.complete) return;
      const { socket } = request;
      setTimeout(() => socket.destroy(), lingerMs).unref();
    });
    try {
      await tus.handle(request, response);
    } finally {
      endWatch();
    }
  };
}
