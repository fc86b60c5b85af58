import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Authorizer } from '../authz/Authorizer.ts';
import type { DenialLog } from '../authz/DenialLog.ts';
import type { Presence } from '../domain/presence/Presence.ts';
import type { Typing } from '../domain/presence/Typing.ts';
import type { Mail } from '../drivers/mail/Mail.ts';
import type { PaymentProvider } from '../drivers/payments/PaymentProvider.ts';
import type { SecretBox } from '../drivers/secrets/SecretBox.ts';
import type { Storage } from '../drivers/storage/Storage.ts';
import type { Traces } from '../events/trace.ts';
import type { Feed } from '../events/watch.ts';
import type { Settings } from '../settings.ts';
import type { BackgroundWork } from '../views/health.ts';
import type { Nodes } from '../views/nodes.ts';

/** What the process offers to every call; made once by `startTessera`. */
export interface Services {
  settings: Settings;
  log: Logger;
  orm: MikroORM;
  /** Hot reads: prepared statements on the primary. */
  reads: pg.Pool;
  authorizer: Authorizer;
  /** Where refused calls are recorded. */
  denials: DenialLog;
  feed: Feed;
  /** What the nodes know of the way of an event. */
  traces: Traces;
  /** How the nodes are. */
  nodes: Nodes;
  /** What workers do without being asked. */
  background: BackgroundWork;
  /** Who is where. */
  presence: Presence;
  /** Who is typing. */
  typing: Typing;
  storage: Storage;
  mail: Mail;
  /** Encrypts the secrets that are stored. */
  secrets: SecretBox;
  /** null where the server takes no payments. */
  payments: PaymentProvider | null;
  /** Counts one call: its path, 'ok' or our error code, and how long it took. */
  observeCall: (procedure: string, outcome: string, seconds: number) => void;
  /** Address under which people reach the server, without a slash at the end. */
  publicUrl: string;
}

/** Where a call comes from. A WebSocket's lives as long as the connection, so it holds nothing that can be revoked. */
export interface CallOrigin {
  /** SHA-256, in base64, of the bearer token, API key or session cookie; read anew in every call. */
  tokenHash: string | null;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  /** Aborted when the connection that the call came over closes; absent over HTTP. */
  closed?: AbortSignal;
  /** Sets or clears the browser's session cookie; absent where the caller is not a browser of an allowed origin. */
  setSessionCookie?: (token: string | null, expiresAt: Date) => void;
}

export interface Context extends Services {
  origin: CallOrigin;
}
