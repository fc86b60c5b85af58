import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, metadata, text } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { Branch } from './Branch.ts';
import { Commit } from './Commit.ts';

/** A commit that is given out under a tag, such as 1.2.0. */
export const ReleaseSchema = defineEntity({
  name: 'Release',
  tableName: 'releases',
  indexes: [{ name: 'releases_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] }],
  uniques: [{ name: 'releases_tag_unique', properties: ['projectId', 'tag'] }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    branchId: () => p.manyToOne(Branch).mapToPk().deleteRule('cascade').index(),
    commitId: () => p.manyToOne(Commit).mapToPk().deleteRule('cascade').index(),
    tag: text(255),
    name: text(255),
    description: p.text().default(''),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    createdAt: createdAt(),
  },
});

export class Release extends ReleaseSchema.class {}
ReleaseSchema.setClass(Release);
