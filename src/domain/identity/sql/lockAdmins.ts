import type { EntityManager } from '@mikro-orm/postgresql';

/** Who is an administrator changes one at a time: two who step down at once would each still see the other. */
export async function lockAdmins(em: EntityManager): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('tessera administrators', 0))`);
}
