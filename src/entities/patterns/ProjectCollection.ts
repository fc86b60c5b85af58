import { defineEntity, p } from '@mikro-orm/core';
import { Collection } from './Collection.ts';
import { adoptionColumns } from './adoptionColumns.ts';

/** A project uses another project's collection: `adoptedId` is the project's own copy of it. */
export const ProjectCollectionSchema = defineEntity({
  name: 'ProjectCollection',
  tableName: 'project_collections',
  properties: {
    ...adoptionColumns(),
    collectionId: () => p.manyToOne(Collection).mapToPk().primary().deleteRule('cascade').index(),
    adoptedId: () => p.manyToOne(Collection).mapToPk().deleteRule('cascade').index(),
  },
});

export class ProjectCollection extends ProjectCollectionSchema.class {}
ProjectCollectionSchema.setClass(ProjectCollection);
