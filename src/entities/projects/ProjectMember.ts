import { defineEntity, p } from '@mikro-orm/core';
import { Actor } from '../identity/Actor.ts';
import { Role } from '../identity/Role.ts';
import { Project } from './Project.ts';

/** An actor's role in a project; mirrored by a `g` rule in `casbin_rules` in the same transaction. */
export const ProjectMemberSchema = defineEntity({
  name: 'ProjectMember',
  tableName: 'project_members',
  properties: {
    projectId: () => p.manyToOne(Project).mapToPk().primary().deleteRule('cascade'),
    actorId: () => p.manyToOne(Actor).mapToPk().primary().deleteRule('cascade').index(),
    roleId: () => p.manyToOne(Role).mapToPk().deleteRule('restrict').index(),
    addedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    addedAt: p
      .datetime()
      .columnType('timestamptz(3)')
      .defaultRaw('now()')
      .onCreate(() => new Date()),
  },
});

export class ProjectMember extends ProjectMemberSchema.class {}
ProjectMemberSchema.setClass(ProjectMember);
