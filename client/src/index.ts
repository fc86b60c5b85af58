/**
 * The client of Tessera for TypeScript front ends: every procedure typed by the server's router, queries and
 * mutations over HTTP, subscriptions over one WebSocket that reconnects and resumes where it stopped.
 */
import {
  type TRPCClient,
  type TRPCLink,
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  wsLink,
} from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import superjson from 'superjson';
import type { ErrorCode } from '../../src/errors.ts';
import type { AppRouter } from '../../src/routers/_app.ts';
import { type Transport, TransportChoice } from './TransportChoice.ts';
import { promptSocket } from './promptSocket.ts';
import { subscriptionLink } from './subscriptionLink.ts';

export { type BalanceState, applyToBalance } from './applyToBalance.ts';
export { type InboxState, applyToInbox } from './applyToInbox.ts';
export { type ListItems, type ListName, applyToList, listsOf } from './applyToList.ts';
export { type ProjectState, applyToProject } from './applyToProject.ts';
export { type ThreadsState, applyToThreads } from './applyToThreads.ts';
export { type JoinOptions, type PresentPerson, type ProjectPlace, joinProject } from './joinProject.ts';
export type { Transport };
export { type TesseraFailure, readFailure } from './readFailure.ts';
export type { AppRouter, ErrorCode };
/** What each procedure takes, by router and name. */
export type Inputs = inferRouterInputs<AppRouter>;
/** What each procedure answers, by router and name. */
export type Outputs = inferRouterOutputs<AppRouter>;
/** Routers that can be watched. */
export type Watchable = {
  [R in keyof Outputs]: Outputs[R] extends { watch: unknown } ? R : never;
}[keyof Outputs];
/** What `client.<router>.watch` tells: `Watched<'threads'>` is what its `onData` gets as `data`. */
export type Watched<R extends Watchable> =
  Outputs[R]['watch'] extends AsyncIterable<infer T>
    ? T extends { id: string; data: infer E }
      ? E
      : T
    : never;

/** An `EventSource`: the platform's own, or a ponyfill such as that of the package `eventsource`. */
export type EventSourceClass = new (url: string, options?: never) => object;

/** `idle`: no subscription needs a connection; `connecting`: also while it waits to try again. */
export type ConnectionState = 'idle' | 'connecting' | 'open';

export interface TesseraClientOptions {
  /** Address of the server, such as `https://tessera.example.org`; a path before `/trpc` is kept. */
  url: string;
  /** A session token or API key. Without it and `getToken`, calls are anonymous or use the browser's session cookie. */
  token?: string;
  /** Asked for the token before each request and each connection, so that a renewed one is used at once. */
  getToken?: () => string | null | Promise<string | null>;
  /** Calls made in one tick travel together, this many at most (default 16; servers accept 32). */
  maxBatch?: number;
  /** A WebSocket implementation where the platform has none of its own (Node.js before 22). */
  WebSocket?: typeof globalThis.WebSocket;
  /**
   * How subscriptions travel. `auto` (default) takes a WebSocket, and server-sent events where a network lets none
   * through although the server answers; what is open moves without losing anything.
   */
  transport?: Transport;
  /**
   * For server-sent events, where the platform has no `EventSource` of its own, or a token is used: only a ponyfill
   * (its options take `fetch`, as those of the package `eventsource` do) can send one. Without, `auto` has nothing
   * to fall back to.
   */
  EventSource?: EventSourceClass;
  /** Told whenever the state of the connection changes; subscriptions need nothing done, they resume by themselves. */
  onConnection?: (state: ConnectionState) => void;
  /**
   * Told how many subscriptions wait for the server to begin them, or to resume them after a break. While any do,
   * what they show may be behind.
   */
  onWaiting?: (count: number) => void;
  /** Milliseconds to wait before the n-th attempt (from 0) to reconnect. Default: 0.2 s doubling to 10 s, jittered. */
  retryDelay?: (attempt: number) => number;
}

/** A procedure is `client.<router>.<procedure>` with `.query`, `.mutate` or `.subscribe`. */
export type TesseraClient = TRPCClient<AppRouter> & {
  /** Ends the subscriptions and closes the socket. */
  close(): Promise<void>;
};

/** Longer URLs are cut off by proxies; a batch of queries is split before. */
const maxUrlLength = 8000;

/** Whether a query's input makes its URL longer than that; half of it, for names and braces come to it. */
const isLong = (input: unknown) => encodeURIComponent(superjson.stringify(input)).length > maxUrlLength / 2;

const connectionStates = { idle: 'idle', connecting: 'connecting', pending: 'open' } as const;

const defaultRetryDelay = (attempt: number) =>
  Math.min(10_000, 200 * 2 ** attempt) * (0.5 + Math.random() / 2);

/** `https://host/path/` → `https://host/path`. @throws TypeError for anything but an http(s) address. */
function readBase(url: string): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new TypeError(
      `url is the address of the server, such as https://tessera.example.org; found ${JSON.stringify(url)}.`,
    );
  }
  return url.replace(/\/+$/, '');
}

/** Whether the server answers over HTTP, and is neither starting nor stopping, as far as a proxy lets that be asked. */
async function canReach(base: string): Promise<boolean> {
  const readiness = await fetch(`${base}/readyz`, { credentials: 'omit' }).catch(() => undefined);
  if (readiness?.status === 503) return false;
  return (await fetch(`${base}/trpc/auth.me`)).status < 500;
}

/** The link for server-sent events; undefined where nothing here can open them with this credential. */
function eventsLink(
  base: string,
  { EventSource, transport }: TesseraClientOptions,
  usesCookie: boolean,
  getToken: () => string | null | Promise<string | null>,
): TRPCLink<AppRouter> | undefined {
  const own = (globalThis as { EventSource?: EventSourceClass }).EventSource;
  const source = EventSource ?? (usesCookie ? own : undefined);
  if (!source) {
    if (transport !== 'sse') return undefined;
    throw new TypeError(
      'Server-sent events need an EventSource, and one that sends a token is a ponyfill: give `EventSource`, such as that of the package eventsource.',
    );
  }
  const withToken: typeof fetch = async (url, init) => {
    const token = await getToken();
    const headers = new Headers(init?.headers);
    if (token) headers.set('authorization', `Bearer ${token}`);
    return fetch(url, { ...init, headers });
  };
  return httpSubscriptionLink<AppRouter, typeof globalThis.EventSource>({
    url: `${base}/trpc`,
    transformer: superjson,
    EventSource: source as never,
    eventSourceOptions: (usesCookie ? { withCredentials: true } : { fetch: withToken }) as never,
  });
}

/** Makes a client. The socket opens with the first subscription, and closes 10 s after the last. */
export function createTesseraClient(options: TesseraClientOptions): TesseraClient {
  const { token = null, getToken = () => token, onConnection } = options;
  const usesCookie = options.token === undefined && options.getToken === undefined;
  const base = readBase(options.url);
  const { retryDelay = defaultRetryDelay } = options;
  const own = (globalThis as { WebSocket?: typeof globalThis.WebSocket }).WebSocket;
  const WebSocket = options.WebSocket ?? (own && promptSocket(own));
  const events = eventsLink(base, options, usesCookie, getToken);
  let told: ConnectionState = 'idle';
  const tell = (state: ConnectionState) => {
    if (state === told) return;
    told = state;
    onConnection?.(state);
  };
  const waiting = new Set<number>();
  const noteWaiting = (operation: number, isWaiting: boolean) => {
    const before = waiting.size;
    if (isWaiting) waiting.add(operation);
    else waiting.delete(operation);
    if (waiting.size !== before) options.onWaiting?.(waiting.size);
  };
  const choice = new TransportChoice({
    transport: events ? (options.transport ?? 'auto') : 'websocket',
    canReach: () => canReach(base),
    onState: tell,
  });
  const socket = createWSClient({
    url: `${base.replace(/^http/i, 'ws')}/trpc`,
    connectionParams: async () => ({ token: (await getToken()) ?? '' }),
    lazy: { enabled: true, closeMs: 10_000 },
    keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 5000 },
    retryDelayMs: retryDelay,
    onOpen: () => choice.opened(),
    onClose: () => choice.closed(),
    ...(WebSocket ? { WebSocket } : {}),
  });
  // Once the subscriptions have moved it has nothing left to carry.
  choice.onChange(() => queueMicrotask(() => void socket.close()));
  // Not the socket's own events: while the server moves us to a new socket, both are open.
  socket.connectionState.subscribe({
    next({ state }) {
      if (choice.transport === 'websocket') tell(connectionStates[state]);
    },
  });
  const http = {
    url: `${base}/trpc`,
    transformer: superjson,
    headers: async () => {
      const current = await getToken();
      return current ? { authorization: `Bearer ${current}` } : {};
    },
    // A front end on another allowed origin has the cookie sent only if it asks for it.
    ...(usesCookie
      ? {
          fetch: (url: Parameters<typeof fetch>[0], init?: RequestInit) =>
            fetch(url, { ...init, credentials: 'include' }),
        }
      : {}),
  };
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: subscriptionLink(
          { socket: wsLink({ client: socket, transformer: superjson }), events },
          choice,
          retryDelay,
          noteWaiting,
        ),
        // What is too long for an URL goes alone, in a body.
        false: splitLink({
          condition: ({ type, input }) => type === 'query' && isLong(input),
          true: httpLink({ ...http, methodOverride: 'POST' }),
          false: httpBatchLink({ ...http, maxItems: options.maxBatch ?? 16, maxURLLength: maxUrlLength }),
        }),
      }),
    ],
  });
  const close = () => socket.close();
  return new Proxy(client, {
    get: (target, name, receiver) => (name === 'close' ? close : Reflect.get(target, name, receiver)),
  }) as TesseraClient;
}
