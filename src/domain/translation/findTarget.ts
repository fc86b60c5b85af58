import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { ProjectTarget } from '../../entities/translation/ProjectTarget.ts';
import { fail } from '../../errors.ts';

export interface TargetKey {
  projectId: string;
  targetId: string;
}

/** A target of the project, to be changed: nobody else changes it until the transaction is over. @throws NOT_FOUND */
export async function findTarget(
  em: EntityManager,
  { projectId, targetId }: TargetKey,
): Promise<ProjectTarget> {
  const target = await em.findOne(
    ProjectTarget,
    { id: targetId, projectId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  return target ?? fail('NOT_FOUND', { thing: 'target' });
}
