import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { TesseraError } from '../errors.ts';
import type { Feed } from '../events/watch.ts';
import type { Settings } from '../settings.ts';
import { Connection } from './Connection.ts';
import { Frames } from './Frames.ts';
import type { Gateway, SocketOrigin } from './Gateway.ts';
import { drainConnections } from './drainConnections.ts';
import { type LimitSettings, readLimits } from './limits.ts';
import { refuseUpgrade } from './refuseUpgrade.ts';

/** Seconds after which a client that was refused for lack of room should come back. */
const retryAfter = '5';
/** Milliseconds for the other end to answer a close frame. */
const closeTimeout = 5_000;

export interface RealtimeOptions {
  server: Server;
  /** Path of the endpoint, such as `/trpc`. */
  path: string;
  router: AnyTRPCRouter;
  createContext: (origin: SocketOrigin) => object;
  hub: Feed;
  settings: LimitSettings & Pick<Settings, 'SOCKET_MAX_CONNECTIONS'>;
  log: Logger;
  /** Whether pages of this Origin may open a socket; asked only when the header is there. */
  isAllowedOrigin: (origin: string, request: IncomingMessage) => boolean;
  /** The session cookie's hash, for a client that sends no token. */
  tokenHashFromCookie: (request: IncomingMessage) => Buffer | null;
  clientAddress: (request: IncomingMessage) => string | null;
  /** Whether calls can be answered now. */
  isReady: () => boolean;
  /** The same text as JSON of the transformer's output, made faster. Default: just that. */
  stringifyOutput?: (value: unknown) => string | undefined;
}

/** The WebSocket side of a process. */
export interface Realtime {
  connections(): number;
  subscriptions(): number;
  /** Takes no more sockets, asks the clients to go elsewhere, and closes within `timeoutMs` who has not left. */
  drain(timeoutMs: number): Promise<void>;
}

/** Serves the router's procedures over WebSocket on an HTTP server; other paths' upgrades answer 404. */
export function attachRealtime(options: RealtimeOptions): Realtime {
  const { server, path, router, createContext, hub, settings, log } = options;
  const { output } = router._def._config.transformer;
  const stringify =
    options.stringifyOutput ??
    ((value: unknown): string | undefined => JSON.stringify(output.serialize(value)));
  const limits = readLimits(settings);
  const gateway: Gateway = { router, createContext, hub, limits, frames: new Frames(stringify), log };
  const sockets = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    closeTimeout,
  };
  const upgrader = new WebSocketServer(sockets);
  const connections = new Set<Connection>();
  let isDraining = false;
  let returned = 0;

  function accept(ws: WebSocket, socket: Duplex, request: IncomingMessage, url: URL): void {
    const peer = {
      tokenHash: options.tokenHashFromCookie(request),
      ipAddress: options.clientAddress(request),
      userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
      sendsParams: url.searchParams.get('connectionParams') === '1',
    };
    connections.add(
      new Connection(gateway, ws, socket, peer, (connection) => connections.delete(connection)),
    );
  }

  function refuse(
    request: IncomingMessage,
    url: URL | null,
  ): { status: number; error: TesseraError } | undefined {
    if (url?.pathname !== path)
      return { status: 404, error: new TesseraError('NOT_FOUND', { thing: 'endpoint' }) };
    const { origin } = request.headers;
    if (origin !== undefined && !options.isAllowedOrigin(origin, request)) {
      return { status: 403, error: new TesseraError('ORIGIN_REFUSED', { origin: origin.slice(0, 200) }) };
    }
    const unavailable = (reason: string) => ({
      status: 503,
      error: new TesseraError('UNAVAILABLE', { reason }),
    });
    if (isDraining) {
      returned += 1;
      return unavailable('it is stopping');
    }
    if (!options.isReady()) return unavailable('it is not ready');
    if (connections.size >= settings.SOCKET_MAX_CONNECTIONS)
      return unavailable('it holds as many connections as it may');
    return undefined;
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the handshake is done nobody else listens, and a reset must not end the process.
    const ignore = () => socket.destroy();
    socket.on('error', ignore);
    const url = URL.parse(request.url ?? '', 'http://localhost');
    const refused = refuse(request, url);
    if (refused || !url) {
      const { status, error } = refused ?? {
        status: 400,
        error: new TesseraError('MALFORMED_REQUEST', { reason: 'its URL is none' }),
      };
      return refuseUpgrade(socket, status, error, status === 503 ? { 'retry-after': retryAfter } : {});
    }
    upgrader.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      accept(ws, socket, request, url);
    });
  });

  return {
    connections: () => connections.size,
    subscriptions: () => [...connections].reduce((sum, connection) => sum + connection.subscriptions, 0),
    async drain(timeoutMs) {
      isDraining = true;
      await drainConnections(connections, timeoutMs, () => returned);
    },
  };
}
