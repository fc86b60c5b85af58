import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { JobDefinition, JobServices } from './defineJob.ts';
import type { Finisher } from './Finisher.ts';
import type { JobRun } from './JobRun.ts';

/** What a worker runs jobs with, and which it is running. */
export interface Workshop {
  services: JobServices;
  orm: MikroORM;
  /** The worker's own connections. */
  pool: pg.Pool;
  handlers: ReadonlyMap<string, JobDefinition>;
  finisher: Finisher;
  /** What this process runs now, by job id. */
  runs: Map<string, { projectId: string; run: JobRun }>;
}
