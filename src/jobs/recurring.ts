import type { MikroORM } from '@mikro-orm/postgresql';
import { type CronItem, type ParsedCronItem, parseCronItems } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Storage } from '../drivers/storage/Storage.ts';
import type { Settings } from '../settings.ts';
import { expireEvents } from './events.expire.ts';
import { sealAuditLog } from './audit.seal.ts';
import { expireCreditHolds } from './credits.expire.ts';
import { verifyAllCredits } from './credits.verify.ts';
import { expireMedia } from './media.expire.ts';
import { processPayments } from './payments.process.ts';
import { purgeDeletedRows } from './retention.purge.ts';
import { remindOfDue } from './tasks.remind.ts';
import { purgeWebhookLog } from './webhooks.purge.ts';

/** What recurring work has at hand. */
export interface RecurringTools {
  orm: MikroORM;
  settings: Settings;
  reads: pg.Pool;
  storage: Storage;
  log: Logger;
}

/**
 * Work that comes again by itself. graphile-worker puts it in the queue once for each time, however many
 * workers there are, and one of them does it. A time at which none ran is left out, so what it does is to
 * find for itself what is to be done.
 */
export interface Recurring {
  /** `area.verb`; its place in the queue. */
  name: string;
  /** In crontab's five fields, in UTC. */
  schedule: string;
  run(tools: RecurringTools): Promise<void>;
}

export const recurring: readonly Recurring[] = [
  remindOfDue,
  sealAuditLog,
  purgeDeletedRows,
  expireEvents,
  expireMedia,
  purgeWebhookLog,
  processPayments,
  expireCreditHolds,
  verifyAllCredits,
];

/** The schedules as graphile-worker takes them; of two that meet in the queue the later one is enough. */
export function toCronItems(all: readonly Recurring[]): ParsedCronItem[] {
  return parseCronItems(
    all.map(({ name, schedule }): CronItem => ({
      task: name,
      match: schedule,
      options: { backfillPeriod: 0, maxAttempts: 1, jobKey: name },
    })),
  );
}
