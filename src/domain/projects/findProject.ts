import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Project } from '../../entities/projects/Project.ts';
import { fail } from '../../errors.ts';

/** The project of an authorised call, to be changed. @throws NOT_FOUND when it was deleted meanwhile. */
export async function findProject(em: EntityManager, id: string): Promise<Project> {
  return (
    (await em.findOne(Project, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })) ??
    fail('NOT_FOUND', { thing: 'project' })
  );
}
