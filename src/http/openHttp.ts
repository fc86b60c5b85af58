import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

export interface Http {
  server: Server;
  port: number;
  /** Stops accepting, finishes the requests under way, cuts what is left after `milliseconds`. */
  close(milliseconds: number): Promise<void>;
}

/** Part → whether it works now. */
export interface Readiness {
  /** Without one of these /readyz answers 503, so that nobody is sent here. */
  needed: Record<string, boolean>;
  /** Without one of these the node serves on, if slower: all nodes may lose it at once, and somebody must serve. */
  useful: Record<string, boolean>;
}

export interface HttpOptions {
  host: string;
  port: number;
  log: Logger;
  metrics: Metrics;
  /** TCP connections, at most; more are not accepted. */
  maxConnections: number;
  /** Milliseconds in which the head of a request must have come. */
  headersMs: number;
  /** Milliseconds in which the body of a request must have come, unless it is a transfer. Default: a minute. */
  bodyMs?: number;
  /** Answers everything below /trpc/; undefined where this process serves neither calls nor subscriptions. */
  procedures: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
  /** Answers everything below a path, such as /storage/, without Fastify: bodies of any size, for any time. */
  transfers?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>>>;
  /** Further paths: webhooks that come in, and pages. */
  addRoutes: (app: FastifyInstance) => void;
  readiness: () => Promise<Readiness>;
}

/** How often connections are looked at whose request does not come to an end. */
const checkMs = 5_000;

/** Connections that may wait to be accepted; Node's 511 turn away half of those who come back after a deploy. */
const backlog = 4096;

const defaultBodyMs = 60_000;

const serverOptions = {
  // A file may take hours; see limitBody for the rest.
  requestTimeout: 0,
  // Anything else that asks for an upgrade (HTTP/2 in clear text) is answered as an ordinary request.
  shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
};

/** Ends the connection when the body of the request does not come to an end. */
function limitBody(request: IncomingMessage, milliseconds: number): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length === '0' && encoding === undefined) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, milliseconds);
  request.once('close', () => clearTimeout(timer));
}

/** Opens the one HTTP server of the process: procedures, health, metrics, and what is added. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const { log, metrics, procedures, transfers = {}, bodyMs = defaultBodyMs } = options;
  const times = {
    headersTimeout: options.headersMs,
    connectionsCheckingInterval: Math.min(checkMs, options.headersMs),
  };
  let isClosing = false;
  const findTransfer = ({ url }: IncomingMessage) =>
    Object.entries(transfers).find(([path]) => url?.startsWith(path))?.[1];
  const answer = (
    handle: RequestListener,
    request: IncomingMessage,
    response: ServerResponse,
    transfer: ReturnType<typeof findTransfer>,
  ): void => {
    // Who calls without a pause would come back on the same connection until it is cut off.
    if (isClosing) response.setHeader('connection', 'close');
    if (!transfer) limitBody(request, bodyMs);
    // Straight to tRPC: Fastify would parse a body that tRPC parses again.
    const serve = transfer ?? (request.url?.startsWith('/trpc/') ? procedures : undefined);
    if (!serve) return handle(request, response);
    serve(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a request could not be answered');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
  const app: FastifyInstance = fastify({
    serverFactory: (handle: RequestListener) =>
      createServer({ ...serverOptions, ...times }, (request, response) =>
        answer(handle, request, response, findTransfer(request)),
      ).on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
        const transfer = findTransfer(request);
        // A transfer asks for the body itself, after it has looked at the head.
        if (!transfer) response.writeContinue();
        answer(handle, request, response, transfer);
      }),
  });
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const { needed, useful } = await options.readiness();
    const isReady = Object.values(needed).every(Boolean);
    const isWhole = Object.values(useful).every(Boolean);
    const status = isReady ? (isWhole ? 'ready' : 'degraded') : 'not ready';
    // Front ends on other origins ask it too, when no socket can be opened.
    reply.header('access-control-allow-origin', '*');
    return reply.code(isReady ? 200 : 503).send({ status, parts: { ...needed, ...useful } });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get('/', (_request, reply) =>
    reply.send({
      name: 'Tessera',
      procedures: '/trpc/<router>.<procedure>',
      health: ['/healthz', '/readyz'],
      metrics: '/metrics',
    }),
  );
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      message: `There is nothing at ${request.url.slice(0, 200)}.`,
      remedy: 'Procedures are at /trpc/<router>.<procedure>; / lists the rest.',
    }),
  );
  options.addRoutes(app);
  app.server.maxConnections = options.maxConnections;
  await app.listen({ host: options.host, port: options.port, backlog });
  const { server } = app;
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async close(milliseconds) {
      isClosing = true;
      const force = setTimeout(() => server.closeAllConnections(), milliseconds);
      server.closeIdleConnections();
      await app.close();
      clearTimeout(force);
    },
  };
}
