import { z } from 'zod';
import type { Project } from '../entities/projects/Project.ts';
import { moment, uuid } from './columns.ts';
import { actorRef } from './identity.ts';

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

export function viewProject(project: Omit<ProjectView, 'version'> & { rowVersion: number }): ProjectView {
  return {
    id: project.id,
    ownerId: project.ownerId,
    name: project.name,
    identifier: project.identifier,
    description: project.description,
    homepage: project.homepage,
    repositoryUrl: project.repositoryUrl,
    forkRepoUrl: project.forkRepoUrl,
    gitProvider: project.gitProvider,
    sourceLanguage: project.sourceLanguage,
    visibility: project.visibility,
    defaultBranch: project.defaultBranch,
    metadata: project.metadata,
    version: project.rowVersion,
    lastSyncedAt: project.lastSyncedAt,
    createdAt: project.createdAt,
    updatedAt: project.updatedAt,
  };
}

/** The entity's optional columns may be undefined before the first flush; on the wire they are null. */
export function viewProjectEntity(project: Project): ProjectView {
  return viewProject({
    ...project,
    homepage: project.homepage ?? null,
    repositoryUrl: project.repositoryUrl ?? null,
    forkRepoUrl: project.forkRepoUrl ?? null,
    gitProvider: project.gitProvider ?? null,
    defaultBranch: project.defaultBranch ?? null,
    lastSyncedAt: project.lastSyncedAt ?? null,
  });
}

export const memberView = z.object({ projectId: uuid, actor: actorRef, role: z.string(), addedAt: moment });
export type MemberView = z.infer<typeof memberView>;
