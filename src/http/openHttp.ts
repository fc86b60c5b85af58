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
import { servePages } from './servePages.ts';

export interface Http {
  server: Server;
  port: number;
  /** Stops accepting, finishes the requests under way, cuts what is left after `milliseconds`. */
  close(milliseconds: number): Promise<void>;
}

export interface HttpOptions {
  host: string;
  port: number;
  log: Logger;
  metrics: Metrics;
  /** Answers everything below /trpc/; undefined where this process does not serve the API. */
  procedures: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
  /** Part → whether it works now; all of them make /readyz answer 200. */
  readiness: () => Promise<Record<string, boolean>>;
}

const serverOptions = {
  requestTimeout: 60_000,
  headersTimeout: 20_000,
  // Anything else that asks for an upgrade (HTTP/2 in clear text) is answered as an ordinary request.
  shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
};

/** Opens the one HTTP server of the process: procedures, health, metrics and the account pages. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const { log, metrics, procedures } = options;
  const app: FastifyInstance = fastify({
    serverFactory: (handle: RequestListener) =>
      createServer(serverOptions, (request, response) => {
        // Straight to tRPC: Fastify would parse a body that tRPC parses again.
        if (!procedures || !request.url?.startsWith('/trpc/')) return handle(request, response);
        procedures(request, response).catch((error: unknown) => {
          log.error({ err: error }, 'a request could not be answered');
          if (!response.headersSent) response.writeHead(500);
          response.end();
        });
      }),
  });
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const parts = await options.readiness();
    const isReady = Object.values(parts).every(Boolean);
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', parts });
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
  servePages(app);
  await app.listen({ host: options.host, port: options.port });
  const { server } = app;
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async close(milliseconds) {
      const force = setTimeout(() => server.closeAllConnections(), milliseconds);
      server.closeIdleConnections();
      await app.close();
      clearTimeout(force);
    },
  };
}
