import type { EntityManager } from '@mikro-orm/postgresql';
import { implicitRoles } from '../../../authz/builtinRoles.ts';

/** A role that there is: given to somebody, or had without. */
export interface KnownRole {
  name: string;
  scope: 'system' | 'project' | 'implicit';
  description: string;
  isBuiltin: boolean;
}

const sql = `select name, scope, description, is_builtin as "isBuiltin" from roles order by scope, created_at, id`;

const implicit: readonly KnownRole[] = implicitRoles.map(({ name, description }) => ({
  name,
  scope: 'implicit',
  description,
  isBuiltin: true,
}));

/** Every role, the implicit ones first; then those held everywhere and those of projects, as they were made. */
export async function readRoles(em: EntityManager): Promise<KnownRole[]> {
  const stored: KnownRole[] = await em.execute(sql);
  return [...implicit, ...stored];
}
