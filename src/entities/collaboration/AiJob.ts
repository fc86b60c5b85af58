import { defineEntity, p } from '@mikro-orm/core';
import { metadata } from '../columns.ts';
import { Job } from '../jobs/Job.ts';
import { Project } from '../projects/Project.ts';
import { CommentThread } from '../threads/CommentThread.ts';

/** What a job of the assistant adds to its row in `jobs`, whose primary key it shares. */
export const AiJobSchema = defineEntity({
  name: 'AiJob',
  tableName: 'ai_jobs',
  properties: {
    id: () => p.manyToOne(Job).mapToPk().primary().fieldName('id').deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    type: p.enum(['DOCS', 'EXPLANATION', 'SUMMARY', 'REVIEW'] as const).nativeEnumName('ai_job_type'),
    params: metadata(),
    result: p.json().$type<Record<string, unknown>>().nullable(),
    /** Where the answer stands, when it was asked for in a thread. */
    threadId: () => p.manyToOne(CommentThread).mapToPk().nullable().deleteRule('set null').index(),
  },
});

export class AiJob extends AiJobSchema.class {}
AiJobSchema.setClass(AiJob);
