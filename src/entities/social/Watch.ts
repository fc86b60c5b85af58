import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/**
 * How much a person wants to hear of a project. `all`: every new thread, issue and comment; `participating`,
 * as without a row: what they take part in; `none`: nothing but mentions of them.
 */
export const WatchSchema = defineEntity({
  name: 'Watch',
  tableName: 'watches',
  indexes: [
    { name: 'watches_user_id_created_at_index', properties: ['userId', 'createdAt', 'projectId'] },
    { name: 'watches_project_id_level_index', properties: ['projectId', 'level'] },
  ],
  properties: {
    userId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade'),
    projectId: () => p.manyToOne(Project).mapToPk().primary().deleteRule('cascade'),
    level: p.enum(['all', 'participating', 'none'] as const).nativeEnumName('watch_level'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class Watch extends WatchSchema.class {}
WatchSchema.setClass(Watch);
