import type { EntityManager } from '@mikro-orm/postgresql';

/** Not by the unit of work, which would write the former values into the audit log. */
const sql = `
update actors set name = ?, username = ?, email = null, password_hash = null, is_verified = false, role_id = null,
  orcid = null, institution_id = null, metadata = '{}', suspended_at = null, deleted_at = now(), updated_at = now()
where id = ?`;

/** Replaces everything that tells who an actor is, and marks the row as deleted. */
export async function anonymizeActor(
  em: EntityManager,
  of: { actorId: string; name: string; username: string },
): Promise<void> {
  await em.execute(sql, [of.name, of.username, of.actorId], 'run');
}
