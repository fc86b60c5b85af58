import { defineEntity, p } from '@mikro-orm/core';
import { Job } from '../jobs/Job.ts';
import { Project } from '../projects/Project.ts';
import { MediaFile } from './MediaFile.ts';

/** What a media job adds to its row in `jobs`, whose primary key it shares. */
export const MediaJobSchema = defineEntity({
  name: 'MediaJob',
  tableName: 'media_jobs',
  properties: {
    id: () => p.manyToOne(Job).mapToPk().primary().fieldName('id').deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade').index(),
    inputMediaId: () => p.manyToOne(MediaFile).mapToPk().nullable().deleteRule('set null').index(),
    outputMediaId: () => p.manyToOne(MediaFile).mapToPk().nullable().deleteRule('set null').index(),
  },
});

export class MediaJob extends MediaJobSchema.class {}
MediaJobSchema.setClass(MediaJob);
