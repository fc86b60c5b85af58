import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Actor } from '../../entities/identity/Actor.ts';
import { fail } from '../../errors.ts';
import { lockPolicy } from '../policies/sql/lockPolicy.ts';
import { type CheckRole, grantSystemRole } from './grantSystemRole.ts';

/**
 * Gives a person a role everywhere, in place of the one they have; `user` takes it away.
 * @param checkRole told of the role that they get, and of the one that they lose
 * @throws NOT_FOUND when there is no such person, ROLE_UNKNOWN, LAST_ADMIN
 */
export async function assignRole(
  em: EntityManager,
  { actorId, role }: { actorId: string; role: string },
  checkRole: CheckRole,
): Promise<Actor> {
  await lockPolicy(em);
  const actor = await em.findOne(
    Actor,
    { id: actorId, actorType: 'person' },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!actor) return fail('NOT_FOUND', { thing: 'person' });
  await grantSystemRole(em, actor, role, checkRole);
  return actor;
}
