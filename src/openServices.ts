import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Closing } from './Closing.ts';
import { Authorizer } from './authz/Authorizer.ts';
import { DenialLog } from './authz/DenialLog.ts';
import { installPolicy } from './authz/installPolicy.ts';
import type { Bus } from './bus/Bus.ts';
import { openBus } from './bus/openBus.ts';
import { addEventPartitions } from './database/addEventPartitions.ts';
import { keepAuditOrder } from './database/keepAuditOrder.ts';
import { migrate } from './database/migrate.ts';
import { type Connection, type Database, openDatabase } from './database/openDatabase.ts';
import { Presence } from './domain/presence/Presence.ts';
import { Typing } from './domain/presence/Typing.ts';
import type { Mail } from './drivers/mail/Mail.ts';
import { openFolderMail } from './drivers/mail/openFolderMail.ts';
import { openSmtpMail } from './drivers/mail/openSmtpMail.ts';
import { openPayments } from './openPayments.ts';
import { openSecretBox } from './drivers/secrets/openSecretBox.ts';
import { type StorageDoor, openStorage } from './openStorage.ts';
import { announceTo } from './events/record.ts';
import { type Metrics, createMetrics } from './http/metrics.ts';
import { makeAdmission } from './jobs/admitJob.ts';
import { backgroundWork } from './jobs/backgroundWork.ts';
import { admitJobsBy, publishProgressTo } from './jobs/enqueue.ts';
import { handlers } from './jobs/handlers.ts';
import { migrateWorker } from './jobs/migrateWorker.ts';
import { measureGateway, observeLag } from './measureGateway.ts';
import { Hub } from './realtime/Hub.ts';
import { Tracer } from './realtime/Tracer.ts';
import { openTraces } from './realtime/openTraces.ts';
import type { Services } from './routers/context.ts';
import type { Settings } from './settings.ts';

/** Everything of a process but its doors. */
export interface Parts {
  services: Services;
  bus: Bus;
  hub: Hub;
  metrics: Metrics;
  /** What the URLs of stored files lead to; null where another server answers them. */
  storageDoor: StorageDoor | null;
}

async function openSchema(connection: Connection, settings: Settings, log: Logger): Promise<Database> {
  const database = await openDatabase(connection, {
    poolSize: settings.DATABASE_POOL,
    onPoolError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  try {
    const applied = await migrate(database.orm, database.reads);
    if (applied.length > 0) log.info({ applied: applied.length }, 'the schema was brought up to date');
    await keepAuditOrder(database.reads);
    await migrateWorker(connection);
    await addEventPartitions(database.reads);
    await installPolicy(database.orm);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openMail(settings: Settings, log: Logger): Mail {
  const from = settings.MAIL_FROM;
  if (settings.SMTP_URL) return openSmtpMail({ url: settings.SMTP_URL, from });
  return openFolderMail({ dir: join(settings.DATA_DIR, 'mail'), from, log: (line) => log.info(line) });
}

/** Opens the database, brought up to date, and all that calls and jobs work with. */
export async function openServices(
  connection: Connection,
  settings: Settings,
  log: Logger,
  closing: Closing,
): Promise<Parts> {
  await mkdir(settings.DATA_DIR, { recursive: true, mode: 0o700 });
  const database = await openSchema(connection, settings, log);
  closing.add(() => database.close());
  const { orm, reads } = database;
  const bus = await openBus({ connection, log, target: settings.BUS_URL });
  closing.add(() => bus.close());
  announceTo(orm, (stream, seq) => bus.publishHint(stream, seq));
  publishProgressTo(orm, (projectId, progress) =>
    bus.publishLane(`project:${projectId}`, 'jobs', progress.jobId, progress),
  );
  admitJobsBy(orm, makeAdmission(handlers, settings.JOB_PRICES));
  const metrics = createMetrics();
  const tracer = new Tracer(observeLag(metrics));
  const hub = new Hub({ reads, bus, log, tracer });
  closing.add(() => hub.stop());
  measureGateway(metrics, hub, bus);
  const traces = openTraces(bus, (stream, seq) => hub.recollect(stream, seq));
  closing.add(() => traces.close());
  const ttlMs = settings.PRESENCE_SECONDS * 1000;
  const presence = await Presence.start({ reads, bus, feed: hub, log, ttlMs });
  closing.add(() => presence.stop());
  const typing = new Typing(bus, (value) => hub.tell(value));
  closing.add(() => typing.stop());
  const mail = openMail(settings, log);
  closing.add(() => mail.close());
  const denials = new DenialLog(reads, {
    log,
    drop: metrics.counter(
      'tessera_denials_dropped_total',
      'Refused calls that the audit log does not tell of: too many kinds at once, or they could not be written.',
    ),
  });
  metrics.gauge(
    'tessera_denials_kept',
    'Kinds of refused calls that are counted, or wait to be written.',
    () => denials.size,
  );
  closing.add(() => denials.close());
  const secrets = await openSecretBox(settings);
  const opened = await openStorage(settings, secrets, () => services.publicUrl);
  closing.add(() => opened.close());
  const services: Services = {
    settings,
    log,
    orm,
    reads,
    authorizer: new Authorizer(reads, { sessionIdleDays: settings.SESSION_IDLE_DAYS }),
    denials,
    feed: hub,
    traces,
    // Known once the doors are open: see openDoors.
    nodes: { ask: () => Promise.resolve([]) },
    background: backgroundWork,
    presence,
    typing,
    storage: opened.storage,
    mail,
    secrets,
    payments: await openPayments(orm, settings),
    observeCall: metrics.observeCall,
    // Known once the port is: see openDoors.
    publicUrl: '',
  };
  return { services, bus, hub, metrics, storageDoor: opened.door };
}
