import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** A line of versions of a project's patterns. */
export const BranchSchema = defineEntity({
  name: 'Branch',
  tableName: 'branches',
  indexes: [{ name: 'branches_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] }],
  uniques: [
    {
      name: 'branches_name_unique',
      expression:
        'create unique index "branches_name_unique" on "branches" ("project_id", "name") where "deleted_at" is null',
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    name: text(255),
    description: p.text().default(''),
    /** Name of the branch that it was made from; null: of none. */
    baseBranch: text(255).nullable(),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Branch extends BranchSchema.class {}
BranchSchema.setClass(Branch);
