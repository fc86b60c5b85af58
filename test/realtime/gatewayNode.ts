/** A gateway with its hub and bus, as a process has them, with the router of the tests. */
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { DenialLog } from '../../src/authz/DenialLog.ts';
import type { Bus } from '../../src/bus/Bus.ts';
import { openBus } from '../../src/bus/openBus.ts';
import type { Database } from '../../src/database/openDatabase.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { Hub } from '../../src/realtime/Hub.ts';
import { type Realtime, attachRealtime } from '../../src/realtime/server.ts';
import type { CallOrigin, Context } from '../../src/routers/context.ts';
import { readSettings } from '../../src/settings.ts';
import { testRouter } from './testRouter.ts';

/** A process's part of a world. */
export interface Node {
  bus: Bus;
  hub: Hub;
  realtime: Realtime;
  /** What the gateway counted: `refused overloaded` and the like. */
  counts: Record<string, number>;
  server: Server;
  port: number;
  close(): Promise<void>;
}

export interface WorldOptions {
  settings?: Record<string, string>;
  sweepMs?: number;
  isReady?: () => boolean;
  isOverloaded?: () => boolean;
  /** Gives the bus that the hub listens to. */
  hubBus?: (bus: Bus) => Partial<Bus>;
}

const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });

export async function startNode(database: Database, options: WorldOptions): Promise<Node> {
  const settings = readSettings({ LOG_LEVEL: 'silent', ...options.settings });
  const bus = await openBus({ connection: database.connection, log });
  const hub = new Hub({
    reads: database.reads,
    bus: (options.hubBus?.(bus) as Bus | undefined) ?? bus,
    log,
    ...(options.sweepMs ? { sweepMs: options.sweepMs } : {}),
  });
  const authorizer = new Authorizer(database.reads, { sessionIdleDays: 14 });
  const denials = new DenialLog(database.reads, { log, drop: () => {} });
  const createContext = (origin: CallOrigin) =>
    ({
      settings,
      log,
      orm: database.orm,
      reads: database.reads,
      authorizer,
      denials,
      feed: hub,
      observeCall: () => {},
      publicUrl: '',
      origin,
    }) as unknown as Context;
  const counts: Record<string, number> = {};
  const server = createServer();
  const realtime = attachRealtime({
    server,
    path: '/trpc',
    router: testRouter,
    createContext,
    hub,
    settings,
    log,
    isAllowedOrigin: (origin) => origin === 'https://friend.example',
    tokenHashFromCookie: (request) =>
      request.headers.cookie ? hashTokenAsText(request.headers.cookie.replace('session=', '')) : null,
    clientAddress: (request) => String(request.headers['x-test-address'] ?? request.socket.remoteAddress),
    networkOf: (ipAddress) => (ipAddress?.includes('127.0.0.1') ? null : ipAddress),
    identify: async (tokenHash) => {
      const { caller, expiresAt } = await authorizer.accessInBatch(tokenHash, null);
      counts['identified'] = (counts['identified'] ?? 0) + 1;
      return caller && { actorId: caller.id, expiresAt };
    },
    isReady: options.isReady ?? (() => true),
    isOverloaded: options.isOverloaded ?? (() => false),
    count: (what, reason) => {
      const key = `${what} ${reason}`;
      counts[key] = (counts[key] ?? 0) + 1;
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    await realtime.drain(0);
    await new Promise((resolve) => server.close(resolve));
    await hub.stop();
    await denials.close();
    await bus.close();
  };
  return { bus, hub, realtime, counts, server, port: (server.address() as AddressInfo).port, close };
}
