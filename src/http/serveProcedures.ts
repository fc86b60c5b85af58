import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import { incomingMessageToRequest } from '@trpc/server/adapters/node-http';
import { resolveResponse } from '@trpc/server/http';
import { TesseraError } from '../errors.ts';
import type { CallOrigin, Context } from '../routers/context.ts';
import { type OriginRules, readCallOrigin } from './callOrigin.ts';

export interface ProcedureOptions {
  router: AnyTRPCRouter;
  createContext: (origin: CallOrigin) => Context;
  /** Asked for each request: the origins are known only once the port is. */
  rules: () => OriginRules;
  maxBodyBytes: number;
  maxBatch: number;
  /** Serves subscriptions as server-sent events. */
  eventStreams: {
    serves(path: string): boolean;
    serve(request: IncomingMessage, response: ServerResponse, path: string, origin: CallOrigin): void;
  };
  /** Whether queries and mutations are answered here, and not subscriptions alone. */
  answersCalls: boolean;
  /** Whether there is so much to do that calls should come later. */
  isOverloaded: () => boolean;
}

/** Seconds after which a call that was refused should come again: not all at once. */
const retryAfter = () => String(1 + Math.floor(Math.random() * 5));

const corsMethods = 'GET, POST, OPTIONS';
const corsHeaders = 'authorization, content-type, trpc-accept, x-request-id, last-event-id';

/** Lets the front ends on allowed origins read the answers; returns true when the request was a preflight. */
function answerCors(request: IncomingMessage, response: ServerResponse, rules: OriginRules): boolean {
  const { origin } = request.headers;
  response.setHeader('vary', 'origin, trpc-accept, accept');
  if (origin !== undefined && rules.allowedOrigins.has(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', corsMethods);
      response.setHeader('access-control-allow-headers', corsHeaders);
      response.setHeader('access-control-max-age', '600');
    }
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204).end();
  return true;
}

async function writeStream(response: ServerResponse, body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  response.once('close', () => void reader.cancel().catch(() => {}));
  for (;;) {
    const { done, value } = await reader.read();
    if (done || response.destroyed) break;
    if (!response.write(value))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}

/** The path below /trpc/, as it was meant; undefined where it is no text. */
function readPath(url: string | undefined): string | undefined {
  try {
    return decodeURIComponent((url ?? '').split('?', 1)[0]?.slice('/trpc/'.length) ?? '');
  } catch {
    return undefined;
  }
}

function answerJson(response: ServerResponse, status: number, { errorCode, message, remedy }: TesseraError) {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ message, code: errorCode, remedy }));
}

const unreadable = JSON.stringify({
  message: 'The request could not be read: its Host or URL is malformed.',
  remedy: 'Send a well-formed HTTP request.',
});

/** undefined: the head of the request is so malformed that it has no URL. */
function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  maxBodySize: number,
): Request | undefined {
  try {
    return incomingMessageToRequest(incoming, outgoing, { maxBodySize });
  } catch {
    return undefined;
  }
}

/**
 * Answers `/trpc/<path>` through tRPC's own request handling: batches and JSON lines as it defines
 * them; subscriptions go to the gateway. Only the writing is ours: an ordinary answer leaves in one write
 * instead of one per header and chunk.
 */
export function serveProcedures(
  options: ProcedureOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { router, createContext, maxBodyBytes, maxBatch, eventStreams, answersCalls } = options;
  return async (incoming, outgoing) => {
    const rules = options.rules();
    if (answerCors(incoming, outgoing, rules)) return;
    const origin = readCallOrigin(incoming, outgoing, rules);
    outgoing.setHeader('x-request-id', origin.requestId);
    const named = readPath(incoming.url);
    if (named !== undefined && eventStreams.serves(named)) {
      const isBatch = /[?&]batch=1(&|$)/.test(incoming.url ?? '');
      if (incoming.method === 'GET' && !isBatch) return eventStreams.serve(incoming, outgoing, named, origin);
      return answerJson(outgoing, 405, new TesseraError('METHOD_NOT_SUPPORTED'));
    }
    if (!answersCalls) return answerJson(outgoing, 404, new TesseraError('NOT_FOUND', { thing: 'endpoint' }));
    const request = toRequest(incoming, outgoing, maxBodyBytes);
    if (!request) {
      outgoing.writeHead(400, { 'content-type': 'application/json' }).end(unreadable);
      return;
    }
    const isRefused = options.isOverloaded();
    if (isRefused) outgoing.setHeader('retry-after', retryAfter());
    const path = (incoming.url ?? '').split('?', 1)[0]?.slice('/trpc/'.length) ?? '';
    const response = await resolveResponse({
      router,
      req: request,
      path,
      error: isRefused ? new TesseraError('UNAVAILABLE', { reason: 'it has too much to do' }) : null,
      maxBatchSize: maxBatch,
      // A query that is too long for an URL.
      allowMethodOverride: true,
      createContext: async () => createContext(origin),
    });
    outgoing.statusCode = response.status;
    for (const [name, value] of response.headers) if (name !== 'vary') outgoing.setHeader(name, value);
    outgoing.setHeader('cache-control', 'no-store');
    if (response.headers.has('transfer-encoding') && response.body) {
      outgoing.removeHeader('transfer-encoding');
      outgoing.flushHeaders();
      await writeStream(outgoing, response.body as ReadableStream<Uint8Array>);
      return;
    }
    const text = await response.text();
    outgoing.setHeader('content-length', Buffer.byteLength(text));
    outgoing.end(text);
  };
}
