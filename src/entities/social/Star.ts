import { defineEntity, p } from '@mikro-orm/core';
import { createdAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** That a person likes a project, or wants to find it again. */
export const StarSchema = defineEntity({
  name: 'Star',
  tableName: 'stars',
  indexes: [{ name: 'stars_user_id_created_at_index', properties: ['userId', 'createdAt', 'projectId'] }],
  properties: {
    userId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().primary().deleteRule('cascade').index(),
    createdAt: createdAt(),
  },
});

export class Star extends StarSchema.class {}
StarSchema.setClass(Star);
