import type { EntityManager } from '@mikro-orm/postgresql';
import { ProjectTarget } from '../../entities/translation/ProjectTarget.ts';
import { fail } from '../../errors.ts';
import { emit } from '../../events/emit.ts';
import { viewTarget } from '../../views/translation.ts';

export interface NewTarget {
  id?: string | undefined;
  projectId: string;
  /** In its canonical form. */
  languageCode: string;
  publishDomain?: string | null | undefined;
  /** `lang-<language>` unless it is given. */
  branchName?: string | undefined;
}

/** Makes a language one of the project's. Every file of it is pending, without a row being written. @throws LANGUAGE_TAKEN */
export async function createTarget(em: EntityManager, input: NewTarget): Promise<ProjectTarget> {
  const { projectId, languageCode } = input;
  if (await em.findOne(ProjectTarget, { projectId, languageCode }))
    fail('LANGUAGE_TAKEN', { language: languageCode });
  const target = em.create(ProjectTarget, {
    ...(input.id ? { id: input.id } : {}),
    projectId,
    languageCode,
    publishDomain: input.publishDomain ?? null,
    branchName: input.branchName ?? `lang-${languageCode.toLowerCase()}`,
    status: 'ACTIVE',
  });
  emit(em, `project:${projectId}`, 'target.created', () => viewTarget(target));
  return target;
}
