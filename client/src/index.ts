/**
 * The client of Tessera for TypeScript front ends: every procedure typed by the server's router, queries and
 * mutations over HTTP, subscriptions over one WebSocket that reconnects and resumes where it stopped.
 */
import {
  type CreateTRPCClient,
  TRPCClientError,
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  splitLink,
  wsLink,
} from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import superjson from 'superjson';
import type { AppRouter } from '../../src/routers/_app.ts';

export type { AppRouter };
/** What each procedure takes, by router and name. */
export type Inputs = inferRouterInputs<AppRouter>;
/** What each procedure answers, by router and name. */
export type Outputs = inferRouterOutputs<AppRouter>;

export interface TesseraClientOptions {
  /** Address of the server, such as `https://tessera.example.org`. */
  url: string;
  /** A session token or API key; leave it and `getToken` out to call what needs no sign-in, or to use the session cookie. */
  token?: string;
  /** Asked for the token before each request and each connection, so that a renewed one is used at once. */
  getToken?: () => string | null | Promise<string | null>;
  /** Calls made in one tick travel together, this many at most (default 16; servers accept 32). */
  maxBatch?: number;
  /** A WebSocket implementation where the platform has none of its own. */
  WebSocket?: typeof globalThis.WebSocket;
  /** Told when the socket opens, and when it closes (the client reconnects by itself). */
  onConnection?: (state: 'open' | 'closed') => void;
  /** How long to wait before the n-th attempt to reconnect, in milliseconds. Default: 0.2 s doubling to 10 s, jittered. */
  retryDelay?: (attempt: number) => number;
}

export type TesseraClient = CreateTRPCClient<AppRouter> & {
  /** Closes the WebSocket; subscriptions end. */
  close(): Promise<void>;
};

const defaultRetryDelay = (attempt: number) => Math.min(10_000, 200 * 2 ** attempt) * (0.5 + Math.random() / 2);

/** The client's own method beside the procedures. */
const ownMethod = 'close';

/** Makes a client. The WebSocket opens with the first subscription. */
export function createTesseraClient(options: TesseraClientOptions): TesseraClient {
  const base = options.url.replace(/\/$/, '');
  const getToken = async () => (options.getToken ? await options.getToken() : (options.token ?? null));
  const socket = createWSClient({
    url: `${base.replace(/^http/, 'ws')}/trpc`,
    connectionParams: async () => ({ token: (await getToken()) ?? '' }),
    lazy: { enabled: true, closeMs: 10_000 },
    keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 5000 },
    retryDelayMs: options.retryDelay ?? defaultRetryDelay,
    ...(options.WebSocket ? { WebSocket: options.WebSocket } : {}),
    onOpen: () => options.onConnection?.('open'),
    onClose: () => options.onConnection?.('closed'),
  });
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: wsLink({ client: socket, transformer: superjson }),
        false: httpBatchLink({
          url: `${base}/trpc`,
          transformer: superjson,
          maxItems: options.maxBatch ?? 16,
          headers: async () => {
            const token = await getToken();
            return token ? { authorization: `Bearer ${token}` } : {};
          },
        }),
      }),
    ],
  });
  return new Proxy(client, {
    get: (target, name, receiver) => (name === ownMethod ? () => socket.close() : Reflect.get(target, name, receiver)),
  }) as TesseraClient;
}

/** Why a call failed, in the server's own terms. */
export interface TesseraFailure {
  /** Code of the table in docs/errors.md. */
  code: string;
  message: string;
  remedy: string;
  /** For bad input: field path → what is wrong with it. */
  fields: Record<string, string>;
}

/** Reads a failed call's code, remedy and fields; undefined when the server was not reached or it is no such error. */
export function readFailure(error: unknown): TesseraFailure | undefined {
  if (!(error instanceof TRPCClientError)) return undefined;
  const data: unknown = error.data;
  if (typeof data !== 'object' || data === null || !('code' in data) || !('remedy' in data)) return undefined;
  const fields = 'fields' in data && typeof data.fields === 'object' ? (data.fields as Record<string, string>) : {};
  return { code: String(data.code), message: error.message, remedy: String(data.remedy), fields };
}
