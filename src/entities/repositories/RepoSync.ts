import { defineEntity, p } from '@mikro-orm/core';
import { text } from '../columns.ts';
import { Job } from '../jobs/Job.ts';
import { Project } from '../projects/Project.ts';
import { ProjectManifest } from './ProjectManifest.ts';

/** What a sync job adds to its row in `jobs`, whose primary key it shares. */
export const RepoSyncSchema = defineEntity({
  name: 'RepoSync',
  tableName: 'repo_syncs',
  properties: {
    id: () => p.manyToOne(Job).mapToPk().primary().fieldName('id').deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    manifestId: () => p.manyToOne(ProjectManifest).mapToPk().nullable().deleteRule('set null').index(),
    ref: text(255).nullable(),
  },
});

export class RepoSync extends RepoSyncSchema.class {}
RepoSyncSchema.setClass(RepoSync);
