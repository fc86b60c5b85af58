import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { TesseraError } from '../errors.ts';
import type { Feed } from '../events/watch.ts';
import { Backlog } from './Backlog.ts';
import { ClientSocket } from './ClientSocket.ts';
import { Connection } from './Connection.ts';
import { Deadlines } from './Deadlines.ts';
import { Frames } from './Frames.ts';
import { Gate } from './Gate.ts';
import type { Bearer, Gateway, RealtimeCount, SocketOrigin } from './Gateway.ts';
import { openRounds } from './KeepAlive.ts';
import { minuteMs } from './Renewable.ts';
import { Tally } from './Tally.ts';
import { Users } from './Users.ts';
import { drainConnections } from './drainConnections.ts';
import { type LimitSettings, readLimits } from './limits.ts';
import { refuseUpgrade } from './refuseUpgrade.ts';

/** Seconds after which a client that was refused for now should come back: not all at once. */
const retryAfter = () => String(1 + Math.floor(Math.random() * 5));
/** Milliseconds for the other end to answer a close frame. */
const closeTimeout = 5_000;
/** Subscriptions that begin at the same time. */
const startsAtOnce = 8;
/** Parts of a message, and pieces in which its bytes come: each takes memory of its own, however small. */
const most = { maxFragments: 128, maxBufferedChunks: 1024 };

export interface RealtimeOptions {
  server: Server;
  /** Path of the endpoint, such as `/trpc`. */
  path: string;
  router: AnyTRPCRouter;
  createContext: (origin: SocketOrigin) => object;
  hub: Feed;
  settings: LimitSettings;
  log: Logger;
  /** Whether pages of this Origin may open a socket; asked only when the header is there. */
  isAllowedOrigin: (origin: string, request: IncomingMessage) => boolean;
  /** The session cookie's hash, for a client that sends no token. */
  tokenHashFromCookie: (request: IncomingMessage) => string | null;
  clientAddress: (request: IncomingMessage) => string | null;
  /** What counts as one address; null: it is not counted. */
  networkOf: (ipAddress: string | null) => string | null;
  identify: (tokenHash: string) => Promise<Bearer | null>;
  /** Whether calls can be answered now. */
  isReady: () => boolean;
  /** Whether there is so much to do that more clients should come later. */
  isOverloaded: () => boolean;
  /** Told of each refusal and the like. */
  count?: (what: RealtimeCount, reason: string) => void;
  /** The same text as JSON of the transformer's output, made faster. Default: just that. */
  stringifyOutput?: (value: unknown) => string | undefined;
}

/** The WebSocket side of a process. */
export interface Realtime {
  connections(): number;
  subscriptions(): number;
  /** Subscriptions that wait for their turn to begin. */
  waiting(): number;
  /** Bytes that wait for slow readers, and how many such readers there are. */
  backlog(): { bytes: number; readers: number };
  /** Takes no more sockets, asks the clients to go elsewhere, and closes within `timeoutMs` who has not left. */
  drain(timeoutMs: number): Promise<void>;
}

/** Why there is no socket, in words for people and in one for the metrics. */
interface Refusal {
  status: number;
  reason: string;
  error: TesseraError;
}

const malformed: Refusal = {
  status: 400,
  reason: 'path',
  error: new TesseraError('MALFORMED_REQUEST', { reason: 'its URL is none' }),
};

/** Serves the router's procedures over WebSocket on an HTTP server; other paths' upgrades answer 404. */
export function attachRealtime(options: RealtimeOptions): Realtime {
  const { server, path, router, createContext, hub, settings, log } = options;
  const { output } = router._def._config.transformer;
  const stringify =
    options.stringifyOutput ??
    ((value: unknown): string | undefined => JSON.stringify(output.serialize(value)));
  const limits = readLimits(settings);
  const count = options.count ?? (() => {});
  const backlog = new Backlog(limits.totalQueueBytes, limits.queueBytes, {
    onCut: () => count('closed', 'backlog'),
    onWait: () => count('behind', 'reader'),
  });
  const gateway: Gateway = {
    router,
    createContext,
    hub,
    limits,
    backlog,
    users: new Users(limits),
    minutes: new Deadlines(minuteMs),
    rounds: openRounds(limits),
    starts: new Gate(startsAtOnce),
    identify: options.identify,
    count,
    frames: new Frames(stringify),
    log,
  };
  const sockets = {
    WebSocket: ClientSocket,
    noServer: true,
    clientTracking: false,
    // Pongs wait for a reader like anything else; the library would keep them without bounds.
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    closeTimeout,
    ...most,
  };
  const upgrader = new WebSocketServer(sockets);
  const connections = new Set<Connection>();
  const networks = new Tally();
  let isDraining = false;
  let returned = 0;

  function forget(connection: Connection): void {
    connections.delete(connection);
    const network = options.networkOf(connection.ipAddress);
    if (network !== null) networks.remove(network);
  }

  function accept(ws: ClientSocket, socket: Duplex, request: IncomingMessage, url: URL): void {
    const ipAddress = options.clientAddress(request);
    const network = options.networkOf(ipAddress);
    const peer = {
      tokenHash: options.tokenHashFromCookie(request),
      ipAddress,
      userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
      sendsParams: url.searchParams.get('connectionParams') === '1',
    };
    if (network !== null) networks.add(network);
    connections.add(new Connection(gateway, ws, socket, peer, forget));
  }

  function refuse(request: IncomingMessage, url: URL): Refusal | undefined {
    if (url.pathname !== path) {
      return { status: 404, reason: 'path', error: new TesseraError('NOT_FOUND', { thing: 'endpoint' }) };
    }
    const { origin } = request.headers;
    if (origin !== undefined && !options.isAllowedOrigin(origin, request)) {
      const error = new TesseraError('ORIGIN_REFUSED', { origin: origin.slice(0, 200) });
      return { status: 403, reason: 'origin', error };
    }
    const unavailable = (reason: string, sentence: string): Refusal => ({
      status: 503,
      reason,
      error: new TesseraError('UNAVAILABLE', { reason: sentence }),
    });
    if (isDraining) {
      returned += 1;
      return unavailable('stopping', 'it is stopping');
    }
    if (!options.isReady()) return unavailable('not_ready', 'it is not ready');
    const limit = limits.perAddress;
    const network = options.networkOf(options.clientAddress(request));
    if (network !== null && networks.of(network) >= limit) {
      const error = new TesseraError('TOO_MANY_CONNECTIONS', { holder: 'address', limit });
      return { status: 429, reason: 'address', error };
    }
    if (connections.size >= limits.connections)
      return unavailable('full', 'it holds as many connections as it may');
    if (options.isOverloaded()) return unavailable('overloaded', 'it has too much to do');
    return undefined;
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the handshake is done nobody else listens, and a reset must not end the process.
    const ignore = () => socket.destroy();
    socket.on('error', ignore);
    const url = URL.parse(request.url ?? '', 'http://localhost');
    const refused = url ? refuse(request, url) : malformed;
    if (refused || !url) {
      const { status, reason, error } = refused ?? malformed;
      count('refused', reason);
      const isForNow = status === 503 || status === 429;
      return refuseUpgrade(socket, status, error, isForNow ? { 'retry-after': retryAfter() } : {});
    }
    upgrader.handleUpgrade(request, socket, head, (ws) => {
      socket.off('error', ignore);
      accept(ws, socket, request, url);
    });
  });

  return {
    connections: () => connections.size,
    backlog: () => ({ bytes: backlog.bytes, readers: backlog.readers }),
    waiting: () => gateway.starts.waiting,
    subscriptions: () => [...connections].reduce((sum, connection) => sum + connection.subscriptions, 0),
    async drain(timeoutMs) {
      isDraining = true;
      await drainConnections(connections, timeoutMs, () => returned);
    },
  };
}
