import type { EntityManager } from '@mikro-orm/postgresql';
import { Role } from '../../entities/identity/Role.ts';
import { fail } from '../../errors.ts';

/** A role that can be given in projects. @throws ROLE_UNKNOWN, which lists the roles there are. */
export async function findProjectRole(em: EntityManager, name: string): Promise<Role> {
  const role = await em.findOne(Role, { name, scope: 'project' });
  if (role) return role;
  const known = await em.find(Role, { scope: 'project' }, { orderBy: { name: 'asc' } });
  return fail('ROLE_UNKNOWN', {
    scope: 'project',
    role: name,
    known: known.map((one) => one.name).join(', '),
  });
}
