import { defineEntity, p } from '@mikro-orm/core';
import { Field } from './Field.ts';
import { adoptionColumns } from './adoptionColumns.ts';

/** A project uses another project's field: `adoptedId` is the project's own copy of it. */
export const ProjectFieldSchema = defineEntity({
  name: 'ProjectField',
  tableName: 'project_fields',
  properties: {
    ...adoptionColumns(),
    fieldId: () => p.manyToOne(Field).mapToPk().primary().deleteRule('cascade').index(),
    adoptedId: () => p.manyToOne(Field).mapToPk().deleteRule('cascade').index(),
  },
});

export class ProjectField extends ProjectFieldSchema.class {}
ProjectFieldSchema.setClass(ProjectField);
