import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
import { Project } from '../projects/Project.ts';

export const targetStatuses = ['ACTIVE', 'PAUSED'] as const;
export type TargetStatus = (typeof targetStatuses)[number];

/** A language that the project's documentation is translated into, and where the result goes. */
export const ProjectTargetSchema = defineEntity({
  name: 'ProjectTarget',
  tableName: 'project_targets',
  indexes: [{ name: 'project_targets_created_at_index', properties: ['projectId', 'createdAt', 'id'] }],
  uniques: [{ name: 'project_targets_language_unique', properties: ['projectId', 'languageCode'] }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    /** BCP 47, in its canonical form: `pt-BR`. */
    languageCode: text(35),
    publishDomain: text(255).nullable(),
    branchName: text(255),
    status: p.enum(targetStatuses).nativeEnumName('target_status').default('ACTIVE'),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class ProjectTarget extends ProjectTargetSchema.class {}
ProjectTargetSchema.setClass(ProjectTarget);
