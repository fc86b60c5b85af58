import { z } from 'zod';
import type { Project } from '../entities/projects/Project.ts';
import { moment, uuid } from './columns.ts';
import { type ActorRef, actorRef, viewActorRef } from './identity.ts';

export const projectView = z.object({
  id: uuid,
  ownerId: uuid,
  name: z.string(),
  identifier: z.string(),
  description: z.string(),
  homepage: z.string().nullable(),
  repositoryUrl: z.string().nullable(),
  forkRepoUrl: z.string().nullable(),
  gitProvider: z.string().nullable(),
  sourceLanguage: z.string(),
  visibility: z.enum(['public', 'private']),
  defaultBranch: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  /** Send it back with `projects.update`, so that nobody overwrites what they have not seen. */
  version: z.number(),
  lastSyncedAt: moment.nullable(),
  createdAt: moment,
  updatedAt: moment,
});
export type ProjectView = z.infer<typeof projectView>;

/** A project as the table or the entity holds it: what has no value may be null or, before the first flush, undefined. */
type ProjectRow = Pick<Project, keyof ProjectView & keyof Project> & { rowVersion: number };

export function viewProject(project: ProjectRow): ProjectView {
  return {
    id: project.id,
    ownerId: project.ownerId,
    name: project.name,
    identifier: project.identifier,
    description: project.description,
    homepage: project.homepage ?? null,
    repositoryUrl: project.repositoryUrl ?? null,
    forkRepoUrl: project.forkRepoUrl ?? null,
    gitProvider: project.gitProvider ?? null,
    sourceLanguage: project.sourceLanguage,
    visibility: project.visibility,
    defaultBranch: project.defaultBranch ?? null,
    metadata: project.metadata,
    version: project.rowVersion,
    lastSyncedAt: project.lastSyncedAt ?? null,
    createdAt: project.createdAt,
    updatedAt: project.updatedAt,
  };
}

/** A project with the figures a front page shows. */
export interface ProjectSummary extends ProjectView {
  counts: { members: number; openThreads: number; runningJobs: number; stars: number };
  /** Version of the latest manifest; null before the first sync. */
  manifestVersion: number | null;
}

export const memberView = z.object({ projectId: uuid, actor: actorRef, role: z.string(), addedAt: moment });
export type MemberView = z.infer<typeof memberView>;

/** A member as others see it. */
export function viewMember(
  member: Pick<MemberView, 'projectId' | 'addedAt'>,
  actor: ActorRef,
  role: string,
): MemberView {
  return { projectId: member.projectId, actor: viewActorRef(actor), role, addedAt: member.addedAt };
}
