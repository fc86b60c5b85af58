import type { EntityManager } from '@mikro-orm/postgresql';
import type { ProjectTarget, TargetStatus } from '../../entities/translation/ProjectTarget.ts';
import { emit } from '../../events/emit.ts';
import { viewTarget } from '../../views/translation.ts';
import { checkVersion } from '../checkVersion.ts';
import { pickChanges } from '../pickChanges.ts';
import { type TargetKey, findTarget } from './findTarget.ts';

export interface TargetUpdate extends TargetKey {
  changes: { publishDomain?: string | null | undefined; branchName?: string | undefined };
  /** The version that the editor saw; left out: the last write wins. */
  version?: number | undefined;
}

/** Changes what is given; nothing is said when nothing differs. @throws NOT_FOUND, VERSION_CLASH */
export async function updateTarget(em: EntityManager, update: TargetUpdate): Promise<ProjectTarget> {
  const target = await findTarget(em, update);
  await checkVersion({ thing: 'target', sent: update.version, stored: target.rowVersion }, () =>
    viewTarget(target),
  );
  const changes = pickChanges(target, update.changes);
  if (Object.keys(changes).length === 0) return target;
  em.assign(target, changes);
  emit(em, `project:${update.projectId}`, 'target.updated', () => viewTarget(target));
  return target;
}

async function setStatus(em: EntityManager, key: TargetKey, status: TargetStatus): Promise<ProjectTarget> {
  const target = await findTarget(em, key);
  if (target.status === status) return target;
  target.status = status;
  const type = status === 'PAUSED' ? 'target.paused' : 'target.resumed';
  emit(em, `project:${key.projectId}`, type, () => viewTarget(target));
  return target;
}

/** Stops work on a language; what was recorded stays. Pausing twice changes nothing. @throws NOT_FOUND */
export function pauseTarget(em: EntityManager, key: TargetKey): Promise<ProjectTarget> {
  return setStatus(em, key, 'PAUSED');
}

/** Lets work on a language go on. @throws NOT_FOUND */
export function resumeTarget(em: EntityManager, key: TargetKey): Promise<ProjectTarget> {
  return setStatus(em, key, 'ACTIVE');
}

/** Deletes a target and what was recorded for it; the translation memory stays. @throws NOT_FOUND */
export async function deleteTarget(em: EntityManager, key: TargetKey): Promise<ProjectTarget> {
  const target = await findTarget(em, key);
  em.remove(target);
  emit(em, `project:${key.projectId}`, 'target.deleted', () => viewTarget(target));
  return target;
}
