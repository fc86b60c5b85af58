import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyTRPCRouter } from '@trpc/server';
import { TesseraError } from '../../errors.ts';
import { Deadlines } from '../Deadlines.ts';
import type { SocketOrigin, SubscriptionGateway } from '../Gateway.ts';
import { minuteMs } from '../Renewable.ts';
import { ServedSubscription } from '../ServedSubscription.ts';
import { Users } from '../Users.ts';
import { Visitor, type VisitorParts } from '../Visitor.ts';
import { type SocketCall, readCall } from '../callProcedure.ts';
import { readLimits } from '../limits.ts';
import type { RealtimeOptions } from '../server.ts';
import { shapeError } from '../shapeError.ts';
import { EventStream } from './EventStream.ts';
import { EventStreamFrames } from './EventStreamFrames.ts';

/** Milliseconds after which a client comes back whose stream broke, at least, and one that cannot be served now. */
const backMs = 400;
const awayMs = 1_000;
/** Milliseconds between two slices of clients that are sent away. */
const sliceMs = 50;

export type EventStreamOptions = Pick<
  RealtimeOptions,
  | 'router'
  | 'createContext'
  | 'hub'
  | 'log'
  | 'isReady'
  | 'isOverloaded'
  | 'stringifyOutput'
  | 'settings'
  | 'identify'
  | 'count'
>;

/** Subscriptions over server-sent events, one a response. */
export interface EventStreams {
  /** Whether the path below `/trpc/` names a subscription (in a batch: among others). */
  serves(path: string): boolean;
  /** Answers a request for one; the response stays open. */
  serve(request: IncomingMessage, response: ServerResponse, path: string, origin: SocketOrigin): void;
  open(): number;
  /** Ends all streams, spread over some of the time, so that the clients resume elsewhere; takes no more. */
  drain(timeoutMs: number): Promise<void>;
}

interface Served {
  stream: EventStream;
  subscription: ServedSubscription;
}

function isSubscription(router: AnyTRPCRouter, path: string): boolean {
  const procedures: Record<string, { _def: { type: string } }> = router._def.procedures;
  return Object.hasOwn(procedures, path) && procedures[path]?._def.type === 'subscription';
}

/** The cursor of a stream that is opened again: EventSource's own header first, for the URL is that of the first time. */
function readLastEventId(request: IncomingMessage, query: URLSearchParams): string | undefined {
  const header = request.headers['last-event-id'];
  const found =
    (typeof header === 'string' ? header : undefined) ??
    query.get('lastEventId') ??
    query.get('Last-Event-Id');
  return found?.slice(0, 100) || undefined;
}

/** At random, so that not all come back at once. */
const spread = (milliseconds: number) => milliseconds * (1 + Math.random());

/**
 * Serves the router's subscriptions as server-sent events to the stock `httpSubscriptionLink`, through the same
 * hub as WebSockets: same snapshots, cursors, rights and limits, and each value serialised once for all streams.
 *
 * EventSource gives up for good on any answer but 200, so whatever the client should hear is an event, and
 * whoever cannot be served now gets an empty stream that says when to come back.
 */
export function serveEventStreams(options: EventStreamOptions): EventStreams {
  const { router, hub, log, settings, count = () => {} } = options;
  const { output } = router._def._config.transformer;
  const limits = readLimits(settings);
  const stringify =
    options.stringifyOutput ??
    ((value: unknown): string | undefined => JSON.stringify(output.serialize(value)));
  const frames = new EventStreamFrames(stringify, {
    reconnectAfterInactivityMs: 2 * limits.pingMs + limits.pongMs,
  });
  const gateway: SubscriptionGateway = { router, hub, log, frames, count };
  // Counted apart from sockets: each stream is one subscription, a socket carries many.
  const users = new Users(limits);
  const minutes = new Deadlines(minuteMs);
  const visitors: VisitorParts = { identify: options.identify, limits, log, users, minutes };
  const open = new Set<Served>();
  /** Streams by the credential, or the address of who has none. */
  const perCaller = new Map<string, number>();
  let isDraining = false;
  let pings: NodeJS.Timeout | undefined;

  function pingAll(): void {
    for (const { stream } of open) if (!stream.ping(limits.stalledMs)) stream.destroy();
  }

  function countFor(caller: string, by: number): void {
    const streams = (perCaller.get(caller) ?? 0) + by;
    if (streams === 0) perCaller.delete(caller);
    else perCaller.set(caller, streams);
  }

  function read(request: IncomingMessage, path: string, origin: SocketOrigin): SocketCall {
    const query = URL.parse(request.url ?? '', 'http://localhost')?.searchParams ?? new URLSearchParams();
    const malformed = (reason: string) => new TesseraError('MALFORMED_REQUEST', { reason });
    if (query.has('connectionParams'))
      throw malformed('a credential in the URL would stand in logs; send it as a header or cookie');
    let input: unknown;
    try {
      const given = query.get('input');
      input = given === null ? undefined : JSON.parse(given);
    } catch {
      throw malformed('the input is not JSON');
    }
    const params = { path, input, lastEventId: readLastEventId(request, query) };
    return readCall(options, { id: 0, method: 'subscription', params }, origin, 0);
  }

  /** Undefined: there is room. */
  function findFault(caller: string): TesseraError | undefined {
    const limit = limits.subscriptions;
    return (perCaller.get(caller) ?? 0) >= limit
      ? new TesseraError('TOO_MANY_SUBSCRIPTIONS', { limit })
      : undefined;
  }

  /** Counts the stream with the person's others, and ends it in time for the client to come with a fresh credential. */
  function welcome({ stream, subscription }: Served, tokenHash: string, path: string): Visitor {
    return new Visitor(visitors, tokenHash, {
      onRefused: (error) => {
        stream.push(frames.error(0, shapeError(router, error, { type: 'subscription', path })));
        subscription.abandon();
      },
      onExpiring: () => {
        count('reconnect', 'expiry');
        subscription.abandon();
      },
    });
  }

  function begin(stream: EventStream, response: ServerResponse, call: SocketCall, caller: string): Served {
    const served: Served = {
      stream,
      subscription: new ServedSubscription(gateway, stream, 0, call, {
        forget() {
          if (!open.delete(served)) return;
          countFor(caller, -1);
          if (open.size === 0) clearInterval(pings);
          // Its last frame follows in this turn.
          setImmediate(() => stream.end());
        },
      }),
    };
    if (open.size === 0) pings = setInterval(pingAll, limits.pingMs).unref();
    open.add(served);
    countFor(caller, 1);
    response.once('close', () => served.subscription.abandon());
    return served;
  }

  return {
    serves: (path) => path.split(',').some((each) => isSubscription(router, each)),
    serve(request, response, path, origin) {
      const isFull = open.size >= limits.connections || options.isOverloaded();
      const isAway = isDraining || isFull || !options.isReady();
      const retry = EventStreamFrames.retry(spread(isAway ? awayMs : backMs));
      const stream = new EventStream(response, limits.queueBytes, retry);
      if (isAway) {
        count('refused', isFull ? 'room' : 'ready');
        return stream.end();
      }
      const caller = origin.tokenHash ?? `address ${origin.ipAddress}`;
      const refuse = (error: unknown) => {
        stream.push(frames.error(0, shapeError(router, error, { type: 'subscription', path })));
        stream.end();
      };
      const fault = findFault(caller);
      if (fault) {
        count('refused', 'subscriptions');
        return refuse(fault);
      }
      let call: SocketCall;
      try {
        call = read(request, path, origin);
      } catch (error) {
        return refuse(error);
      }
      const served = begin(stream, response, call, caller);
      if (!origin.tokenHash) return;
      const visitor = welcome(served, origin.tokenHash, path);
      response.once('close', () => visitor.leave());
    },
    open: () => open.size,
    async drain(timeoutMs) {
      isDraining = true;
      const leaving = [...open].sort(() => Math.random() - 0.5);
      const slice = Math.max(25, Math.ceil((leaving.length * sliceMs) / Math.max(sliceMs, timeoutMs / 2)));
      for (let from = 0; from < leaving.length; from += slice) {
        if (from > 0) await sleep(sliceMs);
        for (const { subscription } of leaving.slice(from, from + slice)) subscription.abandon();
      }
      // The last of them end in this while.
      await sleep(sliceMs);
    },
  };
}
