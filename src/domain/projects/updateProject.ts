import type { EntityManager } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import { viewProject } from '../../views/projects.ts';
import { parseRepositoryUrl } from '../../drivers/git/parseRepositoryUrl.ts';
import { checkVersion } from '../checkVersion.ts';
import type { NewProject } from './createProject.ts';
import { findProject } from './findProject.ts';

export type ProjectChanges = Partial<Omit<NewProject, 'id'>> & {
  forkRepoUrl?: string | null | undefined;
  gitProvider?: string | null | undefined;
  /** The version that the editor saw; left out: the last write wins. */
  version?: number | undefined;
};

/** Changes what is given, leaves the rest. @throws VERSION_CLASH, IDENTIFIER_TAKEN, REPOSITORY_URL_REFUSED. */
export async function updateProject(
  em: EntityManager,
  id: string,
  changes: ProjectChanges,
): Promise<Project> {
  const project = await findProject(em, id);
  const { version, ...columns } = changes;
  await checkVersion({ thing: 'project', sent: version, stored: project.rowVersion }, () =>
    viewProject(project),
  );
  if (columns.repositoryUrl) parseRepositoryUrl(columns.repositoryUrl);
  if (columns.forkRepoUrl) parseRepositoryUrl(columns.forkRepoUrl);
  if (
    columns.identifier &&
    (await em.findOne(Project, { identifier: columns.identifier, id: { $ne: id } }))
  ) {
    fail('IDENTIFIER_TAKEN', { identifier: columns.identifier });
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  em.assign(project, Object.fromEntries(given));
  emit(em, `project:${id}`, 'project.updated', () => viewProject(project));
  return project;
}
