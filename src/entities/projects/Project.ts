import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { nounSearch, searchIndexes } from '../searchIndexes.ts';

/** What everything else belongs to: a repository, and the people who work on it. */
export const ProjectSchema = defineEntity({
  name: 'Project',
  tableName: 'projects',
  uniques: [
    {
      name: 'projects_identifier_unique',
      expression:
        'create unique index "projects_identifier_unique" on "projects" ("identifier") where "deleted_at" is null',
    },
  ],
  indexes: [
    {
      name: 'projects_created_at_id_index',
      expression:
        'create index "projects_created_at_id_index" on "projects" ("created_at", "id") where deleted_at is null',
    },
    {
      name: 'projects_public_created_at_id_index',
      expression: `create index "projects_public_created_at_id_index" on "projects" ("created_at", "id") where deleted_at is null and visibility = 'public'`,
    },
    ...searchIndexes('projects', nounSearch),
  ],
  properties: {
    id: id(),
    ownerId: () => p.manyToOne(Actor).mapToPk().deleteRule('restrict').index(),
    name: text(255),
    identifier: text(255),
    description: p.text().default(''),
    homepage: text(255).nullable(),
    repositoryUrl: text(255).nullable(),
    forkRepoUrl: text(255).nullable(),
    gitProvider: text(50).nullable(),
    sourceLanguage: text(35).default('en'),
    visibility: p
      .enum(['public', 'private'] as const)
      .nativeEnumName('visibility')
      .default('private'),
    defaultBranch: text(255).nullable(),
    lastSyncedAt: moment(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Project extends ProjectSchema.class {}
ProjectSchema.setClass(Project);
