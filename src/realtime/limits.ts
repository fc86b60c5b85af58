import type { Settings } from '../settings.ts';

/** What connections may do: the settings, and constants that nobody needs to turn. */
export interface Limits {
  /** Connections of this process, of one person, and from one address. */
  connections: number;
  perUser: number;
  perAddress: number;
  /** Bytes of an incoming message. */
  frameBytes: number;
  /** Queries and mutations in one frame; subscriptions are not counted, for after a reconnect all come in one. */
  batch: number;
  subscriptions: number;
  /** Queries and mutations that wait or are under way, and how many of them run at once. */
  calls: number;
  callsAtOnce: number;
  /** Bytes that wait for one reader before nothing more is read or fetched for it, and for all together. */
  queueBytes: number;
  totalQueueBytes: number;
  /** Messages at once, and per second in the long run, of one connection and of all of one person. */
  burst: number;
  rate: number;
  userBurst: number;
  userRate: number;
  /** Refused messages, beyond those that were taken meanwhile, after which the socket is closed. */
  refusals: number;
  /** Milliseconds in which connectionParams must come. */
  paramsMs: number;
  /** Milliseconds between pings, for the answer to one, and for a reader who is behind to take anything. */
  pingMs: number;
  pongMs: number;
  stalledMs: number;
  /** Milliseconds before its credential runs out at which a client is asked to come back with a fresh one. */
  renewMs: number;
}

/** The settings that limits are made of. */
export type LimitSettings = Pick<Settings, 'MAX_BATCH' | Extract<keyof Settings, `SOCKET_${string}`>>;

export function readLimits(settings: LimitSettings): Limits {
  const subscriptions = settings.SOCKET_MAX_SUBSCRIPTIONS;
  const rate = settings.SOCKET_MESSAGES_PER_SECOND;
  const userRate = settings.SOCKET_MESSAGES_PER_USER;
  // Stopping and starting all subscriptions at once is an ordinary thing to do.
  const restarts = 2 * subscriptions;
  return {
    connections: settings.SOCKET_MAX_CONNECTIONS,
    perUser: settings.SOCKET_MAX_PER_USER,
    perAddress: settings.SOCKET_MAX_PER_ADDRESS,
    frameBytes: settings.SOCKET_MAX_FRAME_BYTES,
    batch: settings.MAX_BATCH,
    subscriptions,
    calls: settings.SOCKET_MAX_CALLS,
    callsAtOnce: 16,
    queueBytes: settings.SOCKET_QUEUE_BYTES,
    totalQueueBytes: settings.SOCKET_TOTAL_QUEUE_BYTES,
    burst: 4 * rate + restarts,
    rate,
    userBurst: 4 * userRate + restarts,
    userRate,
    refusals: 1024,
    paramsMs: settings.SOCKET_PARAMS_SECONDS * 1000,
    pingMs: settings.SOCKET_PING_SECONDS * 1000,
    pongMs: settings.SOCKET_PONG_SECONDS * 1000,
    stalledMs: settings.SOCKET_STALLED_SECONDS * 1000,
    renewMs: settings.SOCKET_RENEW_SECONDS * 1000,
  };
}
