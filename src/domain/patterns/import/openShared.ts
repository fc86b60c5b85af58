import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { Project } from '../../../entities/projects/Project.ts';
import type { ActorRef } from '../../../views/identity.ts';
import { createProject } from '../../projects/createProject.ts';

const name = 'Shared Patterns';

/** The project in which an owner keeps what is imported from several projects, if there is one. */
export async function findShared(em: EntityManager, ownerId: string): Promise<Project | null> {
  // Two at once would make two of them.
  await executePrepared(em, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `shared patterns:${ownerId}`,
  ]);
  return em.findOne(Project, { ownerId, name }, { orderBy: { createdAt: 'asc', id: 'asc' } });
}

/** Makes the owner's project for shared patterns; call it where `findShared` found none. */
export async function createShared(em: EntityManager, owner: ActorRef): Promise<Project> {
  return createProject(em, owner, {
    name,
    description: 'Patterns that were imported from several projects, each once.',
  });
}
