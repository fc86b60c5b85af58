import { setTimeout as delay } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { type Runner, run } from 'graphile-worker';
import type pg from 'pg';
import type { Connection } from '../database/openDatabase.ts';
import type { JobDefinition, JobServices } from './defineJob.ts';
import { handlers as allHandlers } from './handlers.ts';
import { openWorkerPool } from './openWorkerPool.ts';
import { makeQueueLogger } from './queueLog.ts';
import { runJob } from './runJob.ts';
import { taskName } from './sql/queue.ts';
import { startRecovery } from './startRecovery.ts';
import type { Workshop } from './Workshop.ts';

/** What workers need of the bus. */
export interface WorkerBus {
  publishLane(stream: string, lane: string, key: string, value: object): void;
}

export interface WorkerOptions extends JobServices {
  connection: Connection;
  orm: MikroORM;
  bus: WorkerBus;
  /** Kinds of job that this worker knows; left out, all there are. */
  handlers?: ReadonlyMap<string, JobDefinition>;
}

export interface Worker extends AsyncDisposable {
  /** Takes no new job, lets what runs finish for most of STOP_SECONDS, and then hands it back to the queue. */
  stop(): Promise<void>;
}
