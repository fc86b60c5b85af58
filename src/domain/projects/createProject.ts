import type { EntityManager } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import { emit } from '../../events/emit.ts';
import { fail } from '../../errors.ts';
import type { ActorRef } from '../../views/identity.ts';
import { viewProject } from '../../views/projects.ts';
import { parseRepositoryUrl } from '../../drivers/git/parseRepositoryUrl.ts';
import { makeIdentifier } from './identifier.ts';
import { putMember } from './putMember.ts';

export interface NewProject {
  id?: string | undefined;
  name: string;
  identifier?: string | undefined;
  description?: string | undefined;
  homepage?: string | null | undefined;
  repositoryUrl?: string | null | undefined;
  visibility?: 'public' | 'private' | undefined;
  sourceLanguage?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** The first free identifier of the form `slug`, `slug-2`, `slug-3` … */
async function freeIdentifier(em: EntityManager, name: string): Promise<string> {
  const slug = makeIdentifier(name);
  // Two at once would find the same one free.
  await em.execute(`select pg_advisory_xact_lock(hashtextextended(?, 0))`, [`identifier:${slug}`]);
  const rows: { identifier: string }[] = await em.execute(
    `select identifier from projects where deleted_at is null and (identifier = ? or identifier ~ ?)`,
    [slug, `^${slug}-[0-9]+$`],
  );
  const taken = new Set(rows.map((row) => row.identifier));
  if (!taken.has(slug)) return slug;
  let number = 2;
  while (taken.has(`${slug}-${number}`)) number += 1;
  return `${slug}-${number}`;
}

/**
 * Makes a project whose owner is the actor: a person, or an organization in whose name someone acts.
 * @throws IDENTIFIER_TAKEN when the identifier asked for is in use; REPOSITORY_URL_REFUSED.
 */
export async function createProject(em: EntityManager, actor: ActorRef, input: NewProject): Promise<Project> {
  if (input.repositoryUrl) parseRepositoryUrl(input.repositoryUrl);
  if (input.identifier && (await em.findOne(Project, { identifier: input.identifier }))) {
    fail('IDENTIFIER_TAKEN', { identifier: input.identifier });
  }
  const project = em.create(Project, {
    ...(input.id ? { id: input.id } : {}),
    ownerId: actor.id,
    name: input.name,
    identifier: input.identifier ?? (await freeIdentifier(em, input.name)),
    description: input.description ?? '',
    homepage: input.homepage ?? null,
    repositoryUrl: input.repositoryUrl ?? null,
    visibility: input.visibility ?? 'private',
    sourceLanguage: input.sourceLanguage ?? 'en',
    metadata: input.metadata ?? {},
  });
  emit(em, `project:${project.id}`, 'project.created', () => viewProject(project));
  await putMember(em, { projectId: project.id, actor, role: 'owner', addedBy: actor.id });
  return project;
}
