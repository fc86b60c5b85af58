import type { AnyTRPCRouter } from '@trpc/server';
import type { Logger } from 'pino';
import type { Feed } from '../events/watch.ts';
import type { Frames } from './Frames.ts';
import type { Limits } from './limits.ts';

/** Where a call over a socket comes from. */
export interface SocketOrigin {
  /** SHA-256 of the token that the connection was opened with; what it may do is read anew in every call. */
  tokenHash: Buffer | null;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
}

/** What all connections of a process share. */
export interface Gateway {
  router: AnyTRPCRouter;
  /** Makes the context of one call; never throws for a bad token, so that such calls fail and nobody reconnects in a storm. */
  createContext: (origin: SocketOrigin) => object;
  hub: Feed;
  limits: Limits;
  frames: Frames;
  log: Logger;
}
