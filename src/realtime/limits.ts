import type { Settings } from '../settings.ts';

/** What one connection may do: the settings, and constants that nobody needs to turn. */
export interface Limits {
  /** Bytes of an incoming frame. */
  frameBytes: number;
  /** Queries and mutations in one frame; subscriptions are not counted, for after a reconnect all come in one. */
  batch: number;
  subscriptions: number;
  /** Queries and mutations under way at once. */
  calls: number;
  /** Bytes that wait for the reader before nothing more is read or fetched for it. */
  queueBytes: number;
  /** Messages at once, and per second in the long run. */
  burst: number;
  rate: number;
  /** Refused messages, beyond those that were taken meanwhile, after which the socket is closed. */
  refusals: number;
  /** Milliseconds in which connectionParams must come. */
  paramsMs: number;
  /** Milliseconds between pings, for the answer to one, and for the answer of a reader who is behind. */
  pingMs: number;
  pongMs: number;
  stalledMs: number;
}

/** The settings that limits are made of. */
export type LimitSettings = Pick<
  Settings,
  | 'MAX_BATCH'
  | 'SOCKET_MAX_FRAME_BYTES'
  | 'SOCKET_MAX_SUBSCRIPTIONS'
  | 'SOCKET_QUEUE_BYTES'
  | 'SOCKET_PING_SECONDS'
>;

export function readLimits(settings: LimitSettings): Limits {
  const subscriptions = settings.SOCKET_MAX_SUBSCRIPTIONS;
  return {
    frameBytes: settings.SOCKET_MAX_FRAME_BYTES,
    batch: settings.MAX_BATCH,
    subscriptions,
    calls: 256,
    queueBytes: settings.SOCKET_QUEUE_BYTES,
    // Stopping and starting all subscriptions at once is an ordinary thing to do.
    burst: 512 + 2 * subscriptions,
    rate: 128,
    refusals: 1024,
    paramsMs: 10_000,
    pingMs: settings.SOCKET_PING_SECONDS * 1000,
    pongMs: 8_000,
    stalledMs: 60_000,
  };
}
