import { defineEntity, p } from '@mikro-orm/core';
import { metadata } from '../columns.ts';
import { Job } from '../jobs/Job.ts';
import { Project } from '../projects/Project.ts';

/** What a refactoring adds to its row in `jobs`, whose primary key it shares. */
export const RefactorJobSchema = defineEntity({
  name: 'RefactorJob',
  tableName: 'refactor_jobs',
  checks: [
    {
      name: 'refactor_jobs_proposed_before_applied',
      expression: 'applied_changes is null or proposal is not null',
    },
  ],
  properties: {
    id: () => p.manyToOne(Job).mapToPk().primary().fieldName('id').deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    /** Symbol, scope, options. */
    params: metadata(),
    proposal: p.json().$type<Record<string, unknown>>().nullable(),
    appliedChanges: p.json().$type<Record<string, unknown>>().nullable(),
  },
});

export class RefactorJob extends RefactorJobSchema.class {}
RefactorJobSchema.setClass(RefactorJob);
