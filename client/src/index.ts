/**
 * The client of Tessera for TypeScript front ends: every procedure typed by the server's router, queries and
 * mutations over HTTP, subscriptions over one WebSocket that reconnects and resumes where it stopped.
 */
import {
  type TRPCClient,
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  httpLink,
  splitLink,
  wsLink,
} from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import superjson from 'superjson';
import type { ErrorCode } from '../../src/errors.ts';
import type { AppRouter } from '../../src/routers/_app.ts';

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

/** `idle`: no subscription needs the socket; `connecting`: also while it waits to try again. */
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
  /** Told whenever the state of the socket changes; subscriptions need nothing done, they resume by themselves. */
  onConnection?: (state: ConnectionState) => void;
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

/** Makes a client. The socket opens with the first subscription, and closes 10 s after the last. */
export function createTesseraClient(options: TesseraClientOptions): TesseraClient {
  const { token = null, getToken = () => token, onConnection } = options;
  const usesCookie = options.token === undefined && options.getToken === undefined;
  const base = readBase(options.url);
  const socket = createWSClient({
    url: `${base.replace(/^http/i, 'ws')}/trpc`,
    connectionParams: async () => ({ token: (await getToken()) ?? '' }),
    lazy: { enabled: true, closeMs: 10_000 },
    keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 5000 },
    retryDelayMs: options.retryDelay ?? defaultRetryDelay,
    ...(options.WebSocket ? { WebSocket: options.WebSocket } : {}),
  });
  if (onConnection) {
    // Not the socket's own events: while the server moves us to a new socket, both are open.
    let told: ConnectionState = 'idle';
    socket.connectionState.subscribe({
      next({ state }) {
        if (connectionStates[state] === told) return;
        told = connectionStates[state];
        onConnection(told);
      },
    });
  }
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
        true: wsLink({ client: socket, transformer: superjson }),
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
