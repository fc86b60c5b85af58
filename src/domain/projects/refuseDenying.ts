import type { EntityManager } from '@mikro-orm/postgresql';
import { fail } from '../../errors.ts';
import { readWhetherDenies } from '../policies/sql/readWhetherDenies.ts';
import { readOtherRoles } from './sql/readOtherRoles.ts';

/** Told of a role that somebody has, and would lose or have cut short; throws to refuse. */
export type CheckFormer = (role: string) => void;

/**
 * A role that denies takes from its holder whatever other roles give them. So no organization has one, for who
 * fills an organization would choose whom it takes from; and a person is given it only by who might take their
 * other roles away.
 * @throws ROLE_DENIES, and what `checkFormer` throws
 */
export async function refuseDenying(
  em: EntityManager,
  { actorId, actorType, projectId, role }: Record<'actorId' | 'actorType' | 'projectId' | 'role', string>,
  checkFormer: CheckFormer,
): Promise<void> {
  if (!(await readWhetherDenies(em, role))) return;
  if (actorType === 'organization') fail('ROLE_DENIES', { role });
  for (const other of await readOtherRoles(em, { actorId, projectId })) checkFormer(other);
}
