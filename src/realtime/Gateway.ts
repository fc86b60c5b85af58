import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import type { Feed } from '../events/watch.ts';
import type { Backlog } from './Backlog.ts';
import type { Deadlines } from './Deadlines.ts';
import type { Frames } from './Frames.ts';
import type { Gate } from './Gate.ts';
import type { Rounds } from './KeepAlive.ts';
import type { Users } from './Users.ts';
import type { Limits } from './limits.ts';

/** Where a call over a socket comes from. */
export interface SocketOrigin {
  /** SHA-256, in base64, of the token that the connection was opened with; what it may do is read anew in every call. */
  tokenHash: string | null;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  /** Aborted when the connection closes; absent over HTTP, where each request is by itself. */
  closed?: AbortSignal;
}

/** Whom a credential belongs to. */
export interface Bearer {
  actorId: string;
  /** When the credential runs out; null: never. */
  expiresAt: Date | null;
}

/**
 * What is counted besides: `refused` sockets, frames and calls by reason, sockets that the server `closed` by
 * reason, and how often a slow reader was sent to the log (`behind`) or a client asked to `reconnect`.
 */
export type RealtimeCount = 'refused' | 'closed' | 'behind' | 'reconnect';

/** What all connections of a process share. */
export interface Gateway {
  router: AnyTRPCRouter;
  /** Makes the context of one call; never throws for a bad token, so that such calls fail and nobody reconnects in a storm. */
  createContext: (origin: SocketOrigin) => object;
  hub: Feed;
  limits: Limits;
  backlog: Backlog;
  users: Users;
  /** Of all that waits for minutes. */
  minutes: Deadlines;
  rounds: Rounds;
  /** Subscriptions begin so many at a time: after a deploy all come at once, and calls need the database too. */
  starts: Gate;
  /** Says whose a token is, by its SHA-256 in base64; null: nobody's now. @throws what the database answers. */
  identify: (tokenHash: string) => Promise<Bearer | null>;
  /** Counts one. The reason is one of few words, never what a client sent. */
  count: (what: RealtimeCount, reason: string) => void;
  frames: Frames;
  log: Logger;
}

/** The frames of a subscription, in the form of the transport that carries it. */
export type SubscriptionFrames = Pick<Frames, 'started' | 'stopped' | 'data' | 'shared' | 'error'>;

/** What a subscription is served with, over whichever transport. */
export type SubscriptionGateway = Pick<Gateway, 'router' | 'hub' | 'log' | 'count'> &
  Partial<Pick<Gateway, 'starts'>> & { frames: SubscriptionFrames };
