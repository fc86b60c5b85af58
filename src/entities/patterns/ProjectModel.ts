import { defineEntity, p } from '@mikro-orm/core';
import { Model } from './Model.ts';
import { adoptionColumns } from './adoptionColumns.ts';

/** A project uses another project's model: `adoptedId` is the project's own copy of it. */
export const ProjectModelSchema = defineEntity({
  name: 'ProjectModel',
  tableName: 'project_models',
  properties: {
    ...adoptionColumns(),
    modelId: () => p.manyToOne(Model).mapToPk().primary().deleteRule('cascade').index(),
    adoptedId: () => p.manyToOne(Model).mapToPk().deleteRule('cascade').index(),
  },
});

export class ProjectModel extends ProjectModelSchema.class {}
ProjectModelSchema.setClass(ProjectModel);
