import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Authorizer } from '../authz/Authorizer.ts';
import type { Bus } from '../bus/Bus.ts';
import { addEventPartitions } from '../database/addEventPartitions.ts';
import type { Connection } from '../database/openDatabase.ts';
import { purgeExpired } from '../database/purgeExpired.ts';
import { checkProber } from '../drivers/media/checkProber.ts';
import type { Mail } from '../drivers/mail/Mail.ts';
import type { SecretBox } from '../drivers/secrets/SecretBox.ts';
import type { Storage } from '../drivers/storage/Storage.ts';
import type { Metrics } from '../http/metrics.ts';
import type { Settings } from '../settings.ts';
import { makeFollowers } from './followers/makeFollowers.ts';
import { startFollowers } from './followers/startFollowers.ts';
import { sendDigests } from './notifications.digest.ts';
import { startCourier } from './startCourier.ts';
import { startWorker } from './startWorker.ts';

export interface BackgroundOptions {
  connection: Connection;
  orm: MikroORM;
  reads: pg.Pool;
  bus: Bus;
  storage: Storage;
  authorizer: Authorizer;
  secrets: SecretBox;
  mail: Mail;
  /** Address for people, without a slash at the end; known once the server listens. */
  publicUrl: () => string;
  metrics: Metrics;
  settings: Settings;
  log: Logger;
}

const housekeepingMs = 6 * 3600_000;

/** Starts what the worker service does: jobs, followers of the log, and housekeeping a few times a day. */
export async function startBackground(options: BackgroundOptions): Promise<{ stop(): Promise<void> }> {
  const { orm, reads, bus, authorizer, log } = options;
  const worker = await startWorker({ ...options, recurring: [sendDigests(options)] });
  const courier = startCourier(options);
  void checkProber().then((version) => {
    if (version === null) log.warn('ffprobe is not installed: media files that are uploaded wait for it');
  });
  const followers = startFollowers({
    orm,
    reads,
    bus,
    log,
    authorizer,
    followers: makeFollowers(() => courier.wake()),
  });
  const keepHouse = () =>
    addEventPartitions(reads)
      .then(() => purgeExpired(reads))
      .catch((error: unknown) =>
        log.error({ err: error }, 'housekeeping failed; it is tried again in six hours'),
      );
  const timer = setInterval(() => void keepHouse(), housekeepingMs);
  return {
    async stop() {
      clearInterval(timer);
      await followers.stop();
      await Promise.all([courier.stop(), worker.stop()]);
    },
  };
}
