import type { EntityManager } from '@mikro-orm/postgresql';
import { Role } from '../../entities/identity/Role.ts';
import { fail } from '../../errors.ts';

/** A role that counts everywhere. @throws ROLE_UNKNOWN, which lists the roles there are. */
export async function findSystemRole(em: EntityManager, name: string): Promise<Role> {
  const role = await em.findOne(Role, { name, scope: 'system' });
  if (role) return role;
  const known = await em.find(Role, { scope: 'system' }, { orderBy: { name: 'asc' } });
  return fail('ROLE_UNKNOWN', {
    scope: 'system',
    role: name,
    known: known.map((one) => one.name).join(', '),
  });
}
