import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, metadata, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { fail } from '../../errors.ts';

/** How far a stage of a job is. */
export interface StageState {
  name: string;
  /** Its share of the work; only the proportions count. */
  weight: number;
  /** 0–100. */
  progress: number;
  /** Null for a stage that is not divided. */
  segments: { total: number; completed: number; failed: number } | null;
}

/** The base row of every long-running work item; each kind adds a table that shares its key. */
export const JobSchema = defineEntity({
  name: 'Job',
  tableName: 'jobs',
  indexes: [
    { name: 'jobs_user_id_status_index', properties: ['userId', 'status'] },
    { name: 'jobs_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    {
      name: 'jobs_waiting_index',
      expression: `create index "jobs_waiting_index" on "jobs" ("project_id", "job_type", "priority" desc, "created_at", "id") where "status" = 'queued'`,
    },
    {
      name: 'jobs_running_index',
      expression: `create index "jobs_running_index" on "jobs" ("heartbeat_at") where "status" = 'running'`,
    },
  ],
  checks: [
    { name: 'jobs_progress_percent', expression: 'progress >= 0 and progress <= 100' },
    { name: 'jobs_cost_not_negative', expression: 'cost_credits >= 0' },
    { name: 'jobs_priority_bounded', expression: 'priority >= -10 and priority <= 10' },
    { name: 'jobs_unit_price_not_negative', expression: 'unit_price >= 0' },
  ],
  properties: {
    id: id(),
    userId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null'),
    projectId: () => p.manyToOne(Project).mapToPk().nullable().deleteRule('set null'),
    jobType: text(100),
    status: p
      .enum(['pending', 'queued', 'running', 'failed', 'completed', 'cancelled'] as const)
      .nativeEnumName('job_status')
      .default('pending'),
    progress: p.integer().default(0),
    /** The handler's params; what a completed job found is in its own table. */
    metadata: metadata(),
    costCredits: p.bigint('number').default(0),
    /** Credits for each unit of work, as they were when it was queued; 0: it is free. */
    unitPrice: p.bigint('number').default(0),
    /** From -10 to 10; among the waiting jobs of one project the higher goes first. */
    priority: p.integer().default(0),
    /** It waits at least until then. */
    runAt: p.datetime().columnType('timestamptz(3)').defaultRaw('now()'),
    /** How far each stage is, as its worker told last. */
    stages: p
      .json()
      .$type<StageState[]>()
      .defaultRaw(`'[]'::jsonb`)
      .onCreate(() => []),
    errorCode: text(100).nullable(),
    errorMessage: p.text().nullable(),
    /** How often the job was started; also the fence: only the latest attempt may write a result. */
    attempts: p.integer().default(0),
    heartbeatAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    startedAt: moment(),
    finishedAt: moment(),
  },
});

export class Job extends JobSchema.class {
  isOver(): boolean {
    return this.status === 'completed' || this.status === 'failed' || this.status === 'cancelled';
  }

  /** @throws JOB_NOT_CANCELLABLE when the job is over. */
  cancel(now: Date): void {
    if (this.isOver()) fail('JOB_NOT_CANCELLABLE', { status: this.status });
    this.status = 'cancelled';
    this.finishedAt = now;
    this.heartbeatAt = null;
  }

  /** @throws JOB_NOT_RETRYABLE unless the job failed or was cancelled. */
  retry(): void {
    if (this.status !== 'failed' && this.status !== 'cancelled')
      fail('JOB_NOT_RETRYABLE', { status: this.status });
    this.status = 'queued';
    this.progress = 0;
    this.stages = [];
    this.errorCode = null;
    this.errorMessage = null;
    this.startedAt = null;
    this.finishedAt = null;
  }
}
JobSchema.setClass(Job);
