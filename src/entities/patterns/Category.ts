import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { nounSearch, searchIndexes } from '../searchIndexes.ts';

/** The entity itself: its own definition names it before it is there. */
const self = (): new () => { id: string } => Category;

/** A node of the tree by which a project sorts its patterns. A parent never stands below its child. */
export const CategorySchema = defineEntity({
  name: 'Category',
  tableName: 'categories',
  indexes: [
    { name: 'categories_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    ...searchIndexes('categories', { ...nounSearch, identifier: 'identifier' }),
  ],
  uniques: [
    {
      name: 'categories_identifier_unique',
      expression:
        'create unique index "categories_identifier_unique" on "categories" ("project_id", "identifier") where "deleted_at" is null',
    },
  ],
  checks: [{ name: 'categories_not_own_parent', expression: 'parent_id <> id' }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    parentId: () => p.manyToOne(self()).mapToPk().nullable().deleteRule('set null').index(),
    name: text(255),
    identifier: text(255),
    description: p.text().default(''),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Category extends CategorySchema.class {}
CategorySchema.setClass(Category);
