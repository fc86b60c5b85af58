import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import { viewProject } from '../../views/projects.ts';
import { resumeJobs, suspendJobs } from '../jobs/suspendJobs.ts';
import { findProject } from './findProject.ts';

/** Deletes softly: nothing in the project can be reached until it is restored, its jobs wait for that, and its identifier is free. */
export async function deleteProject(em: EntityManager, id: string): Promise<Project> {
  const project = await findProject(em, id);
  project.deletedAt = new Date();
  await suspendJobs(em, id);
  emit(em, `project:${id}`, 'project.deleted', () => viewProject(project));
  return project;
}

/** Takes a deleted project back, and queues its jobs; one that was not deleted stays as it is. @throws IDENTIFIER_TAKEN. */
export async function restoreProject(em: EntityManager, id: string): Promise<Project> {
  const project = await em.findOne(Project, { id }, { filters: false, lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!project) return fail('NOT_FOUND', { thing: 'project' });
  if (!project.deletedAt) return project;
  if (await em.findOne(Project, { identifier: project.identifier }))
    fail('IDENTIFIER_TAKEN', { identifier: project.identifier });
  project.deletedAt = null;
  await resumeJobs(em, id);
  emit(em, `project:${id}`, 'project.restored', () => viewProject(project));
  return project;
}
