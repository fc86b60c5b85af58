import type { EntityManager } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import { viewProject } from '../../views/projects.ts';
import { findProject } from './findProject.ts';

/** Deletes softly: nothing in the project can be reached until it is restored, and its identifier is free. */
export async function deleteProject(em: EntityManager, id: string): Promise<Project> {
  const project = await findProject(em, id);
  project.deletedAt = new Date();
  emit(em, `project:${id}`, 'project.deleted', () => viewProject(project));
  return project;
}

/** Takes a deleted project back; one that was not deleted stays as it is. @throws IDENTIFIER_TAKEN. */
export async function restoreProject(em: EntityManager, id: string): Promise<Project> {
  const project = await em.findOne(Project, { id }, { filters: false });
  if (!project) return fail('NOT_FOUND', { thing: 'project' });
  if (!project.deletedAt) return project;
  if (await em.findOne(Project, { identifier: project.identifier }))
    fail('IDENTIFIER_TAKEN', { identifier: project.identifier });
  project.deletedAt = null;
  emit(em, `project:${id}`, 'project.restored', () => viewProject(project));
  return project;
}
