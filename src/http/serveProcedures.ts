import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyTRPCRouter } from '@trpc/server';
import { incomingMessageToRequest } from '@trpc/server/adapters/node-http';
import { resolveResponse } from '@trpc/server/http';
import type { CallOrigin, Context } from '../routers/context.ts';
import { type OriginRules, readCallOrigin } from './callOrigin.ts';

export interface ProcedureOptions {
  router: AnyTRPCRouter;
  createContext: (origin: CallOrigin) => Context;
  /** Asked for each request: the origins are known only once the port is. */
  rules: () => OriginRules;
  maxBodyBytes: number;
  maxBatch: number;
}

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
 * Answers `/trpc/<path>` through tRPC's own request handling: batches, SSE and JSON lines as it defines
 * them. Only the writing is ours: an ordinary answer leaves in one write instead of one per header and chunk.
 */
export function serveProcedures(
  options: ProcedureOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { router, createContext, maxBodyBytes, maxBatch } = options;
  return async (incoming, outgoing) => {
    const rules = options.rules();
    if (answerCors(incoming, outgoing, rules)) return;
    const origin = readCallOrigin(incoming, outgoing, rules);
    outgoing.setHeader('x-request-id', origin.requestId);
    const request = toRequest(incoming, outgoing, maxBodyBytes);
    if (!request) {
      outgoing.writeHead(400, { 'content-type': 'application/json' }).end(unreadable);
      return;
    }
    const path = (incoming.url ?? '').split('?', 1)[0]?.slice('/trpc/'.length) ?? '';
    const response = await resolveResponse({
      router,
      req: request,
      path,
      error: null,
      maxBatchSize: maxBatch,
      // A query that is too long for an URL.
      allowMethodOverride: true,
      createContext: async () => createContext(origin),
    });
    outgoing.statusCode = response.status;
    for (const [name, value] of response.headers) if (name !== 'vary') outgoing.setHeader(name, value);
    outgoing.setHeader('cache-control', 'no-store');
    const isStream =
      response.headers.get('content-type')?.startsWith('text/event-stream') ||
      response.headers.has('transfer-encoding');
    if (isStream && response.body) {
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
