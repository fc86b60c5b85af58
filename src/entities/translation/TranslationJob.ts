import { defineEntity, p } from '@mikro-orm/core';
import { Job } from '../jobs/Job.ts';
import { Project } from '../projects/Project.ts';
import { ProjectTarget } from './ProjectTarget.ts';

/** What a translation job adds to its row in `jobs`, whose primary key it shares. */
export const TranslationJobSchema = defineEntity({
  name: 'TranslationJob',
  tableName: 'translation_jobs',
  checks: [
    {
      name: 'translation_jobs_counts',
      expression: 'files_done >= 0 and files_failed >= 0 and files_done + files_failed <= files_total',
    },
  ],
  properties: {
    id: () => p.manyToOne(Job).mapToPk().primary().fieldName('id').deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    projectTargetId: () => p.manyToOne(ProjectTarget).mapToPk().nullable().deleteRule('set null').index(),
    filesTotal: p.integer().default(0),
    filesDone: p.integer().default(0),
    filesFailed: p.integer().default(0),
  },
});

export class TranslationJob extends TranslationJobSchema.class {}
TranslationJobSchema.setClass(TranslationJob);
