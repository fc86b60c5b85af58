/** Puts the parts together: opens everything in the order in which they stand on each other, closes in reverse. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Authorizer } from './authz/Authorizer.ts';
import { installPolicy } from './authz/installPolicy.ts';
import { openBus } from './bus/openBus.ts';
import { addEventPartitions } from './database/addEventPartitions.ts';
import { migrate } from './database/migrate.ts';
import { type Connection, openDatabase } from './database/openDatabase.ts';
import { openFolderMail } from './drivers/mail/openFolderMail.ts';
import { openSmtpMail } from './drivers/mail/openSmtpMail.ts';
import { openFileStorage } from './drivers/storage/openFileStorage.ts';
import { announceTo } from './events/record.ts';
import { type OriginRules, clientAddress, isAllowedOrigin, tokenHashFromCookie } from './http/callOrigin.ts';
import { createMetrics } from './http/metrics.ts';
import { openHttp } from './http/openHttp.ts';
import { serveProcedures } from './http/serveProcedures.ts';
import { publishProgressTo } from './jobs/enqueue.ts';
import { migrateWorker } from './jobs/migrateWorker.ts';
import { startBackground } from './jobs/startBackground.ts';
import { Hub } from './realtime/Hub.ts';
import { attachRealtime } from './realtime/server.ts';
import { appRouter } from './routers/_app.ts';
import type { CallOrigin, Context, Services } from './routers/context.ts';
import { stringifyOutput } from './routers/transformer.ts';
import { type Settings, listenUrlOf, publicUrlOf } from './settings.ts';

/** What a process may do: answer procedures, hold sockets, run jobs and follow the log. */
export const serviceNames = ['api', 'realtime', 'worker'] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface TesseraOptions {
  settings: Settings;
  connection: Connection;
  log: Logger;
  services?: ReadonlySet<ServiceName>;
}

export interface Tessera {
  /** Address listened on. */
  url: string;
  /** Address for people, in links. */
  publicUrl: string;
  services: Services;
  /** Stops gracefully: readiness off, requests finished, sockets drained, jobs handed back, connections closed. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

function originRules(publicUrl: string, port: number, settings: Settings): OriginRules {
  const { origin, protocol } = new URL(publicUrl);
  const local = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  return {
    allowedOrigins: new Set([origin, ...(settings.PUBLIC_URL ? [] : local), ...settings.ALLOWED_ORIGINS]),
    trustProxy: settings.TRUST_PROXY,
    secureCookies: protocol === 'https:',
  };
}

/** Runs the closing steps last to first; one that fails does not keep the others from running. */
class Closing {
  readonly #steps: (() => Promise<void> | void)[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        this.#log.error({ err: error }, 'a part did not close cleanly');
      }
    }
  }
}

/** Whether the check answers yes; one that fails answers no. */
const holds = (check: () => Promise<boolean>) => check().catch(() => false);

/** Opens one process of Tessera on a database that is already running. */
export async function startTessera(options: TesseraOptions): Promise<Tessera> {
  const { settings, connection, log } = options;
  const wanted = options.services ?? new Set(serviceNames);
  const closing = new Closing(log);
  try {
    return await open(settings, connection, log, wanted, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function open(
  settings: Settings,
  connection: Connection,
  log: Logger,
  wanted: ReadonlySet<ServiceName>,
  closing: Closing,
): Promise<Tessera> {
  await mkdir(settings.DATA_DIR, { recursive: true, mode: 0o700 });
  const onPoolError = (error: Error) => log.warn({ err: error }, 'a database connection broke');
  const database = await openDatabase(connection, { poolSize: settings.DATABASE_POOL, onPoolError });
  closing.add(() => database.close());
  const { orm, reads } = database;
  const applied = await migrate(orm, reads);
  if (applied.length > 0) log.info({ applied }, 'the schema was brought up to date');
  await migrateWorker(connection);
  await addEventPartitions(reads);
  await installPolicy(orm);

  const bus = await openBus({ connection, log });
  closing.add(() => bus.close());
  announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
  publishProgressTo(orm, (projectId, progress) =>
    bus.publishLane(`project:${projectId}`, 'jobs', progress.jobId, progress),
  );
  const hub = new Hub({ reads, bus, log });
  closing.add(() => hub.stop());
  const storage = await openFileStorage(join(settings.DATA_DIR, 'storage'));
  const mail = settings.SMTP_URL
    ? openSmtpMail({ url: settings.SMTP_URL, from: settings.MAIL_FROM })
    : openFolderMail({
        dir: join(settings.DATA_DIR, 'mail'),
        from: settings.MAIL_FROM,
        log: (line) => log.info(line),
      });
  closing.add(() => mail.close());
  const authorizer = new Authorizer(reads, { sessionIdleDays: settings.SESSION_IDLE_DAYS });
  const metrics = createMetrics();
  let isReady = false;

  const services: Services = {
    settings,
    log,
    orm,
    reads,
    authorizer,
    feed: hub,
    storage,
    mail,
    observeCall: metrics.observeCall,
    publicUrl: '',
  };
  if (wanted.has('worker')) {
    const background = await startBackground({
      connection,
      orm,
      reads,
      bus,
      storage,
      authorizer,
      settings,
      log,
    });
    closing.add(() => background.stop());
  }

  // The address, and with it the allowed origins, is known only once the port is.
  let rules: OriginRules = {
    allowedOrigins: new Set(),
    trustProxy: settings.TRUST_PROXY,
    secureCookies: false,
  };
  const createContext = (origin: CallOrigin): Context => ({ ...services, origin });
  let procedures: ReturnType<typeof serveProcedures> | undefined;
  const http = await openHttp({
    host: settings.HOST,
    port: settings.PORT,
    log,
    metrics,
    procedures: wanted.has('api')
      ? async (request, response) => {
          procedures ??= serveProcedures({
            router: appRouter,
            createContext,
            rules,
            maxBodyBytes: settings.MAX_BODY_BYTES,
            maxBatch: settings.MAX_BATCH,
          });
          await procedures(request, response);
        }
      : undefined,
    readiness: async () => ({
      accepting: isReady,
      database: await holds(
        async () => (await reads.query('select 1')).rowCount === 1 && (await orm.checkConnection()).ok,
      ),
      migrations: await holds(async () => (await orm.migrator.getPending()).length === 0),
      bus: bus.isConnected,
    }),
  });
  const url = listenUrlOf(settings, http.port);
  services.publicUrl = publicUrlOf(settings, http.port);
  rules = originRules(services.publicUrl, http.port, settings);
  closing.add(() => http.close(settings.STOP_SECONDS * 1000));

  if (wanted.has('realtime')) {
    const realtime = attachRealtime({
      server: http.server,
      path: '/trpc',
      router: appRouter,
      createContext,
      hub,
      stringifyOutput,
      settings,
      log,
      isAllowedOrigin: (_origin, request) => isAllowedOrigin(request, rules),
      tokenHashFromCookie: (request) => tokenHashFromCookie(request, rules),
      clientAddress: (request) => clientAddress(request, settings.TRUST_PROXY),
      isReady: () => isReady,
    });
    metrics.gauge('tessera_connections', 'Open WebSocket connections.', () => realtime.connections());
    metrics.gauge('tessera_subscriptions', 'Open subscriptions on WebSockets.', () =>
      realtime.subscriptions(),
    );
    closing.add(() => realtime.drain(settings.STOP_SECONDS * 1000));
  }
  closing.add(() => {
    isReady = false;
  });
  isReady = true;
  const stop = () => closing.run();
  return { url, publicUrl: services.publicUrl, services, stop, [Symbol.asyncDispose]: stop };
}
