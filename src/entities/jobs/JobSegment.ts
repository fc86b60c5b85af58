import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text } from '../columns.ts';
import { Job } from './Job.ts';

/**
 * A part of a job that can be done, fail and be tried again by itself: a cue range of a video, a file of a
 * documentation. A job that goes on after a failure does only the segments that are not done.
 */
export const JobSegmentSchema = defineEntity({
  name: 'JobSegment',
  tableName: 'job_segments',
  uniques: [{ name: 'job_segments_index_unique', properties: ['jobId', 'stage', 'segmentIndex'] }],
  checks: [
    { name: 'job_segments_index_not_negative', expression: 'segment_index >= 0' },
    { name: 'job_segments_attempts_not_negative', expression: 'attempts >= 0' },
    { name: 'job_segments_times', expression: 'start_ms >= 0 and end_ms >= start_ms' },
    { name: 'job_segments_cost_not_negative', expression: 'cost_credits >= 0' },
    {
      name: 'job_segments_finished',
      expression: `(status <> 'completed' and status <> 'failed' and status <> 'cancelled') or finished_at is not null`,
    },
  ],
  properties: {
    id: id(),
    jobId: () => p.manyToOne(Job).mapToPk().deleteRule('cascade'),
    stage: text(100),
    segmentIndex: p.integer(),
    label: text(255).nullable(),
    startMs: p.integer().nullable(),
    endMs: p.integer().nullable(),
    status: p
      .enum(['pending', 'queued', 'running', 'failed', 'completed', 'cancelled'] as const)
      .nativeEnumName('job_status')
      .default('pending'),
    /** SHA-256 of what it works on: a segment whose input changed is to be done again. */
    inputHash: text(64).nullable(),
    result: p.json().$type<Record<string, unknown>>().nullable(),
    attempts: p.integer().default(0),
    errorCode: text(100).nullable(),
    errorMessage: p.text().nullable(),
    /** Credits that it was charged, once. */
    costCredits: p.bigint('number').default(0),
    createdAt: createdAt(),
    finishedAt: moment(),
  },
});

export class JobSegment extends JobSegmentSchema.class {}
JobSegmentSchema.setClass(JobSegment);
