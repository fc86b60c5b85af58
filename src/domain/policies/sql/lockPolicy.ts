import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * The policy and its fixtures change one at a time, for each is judged by the other as it stands; so does
 * who holds a role everywhere, and who is suspended: two administrators who step down at once would each
 * still see the other. Taken before any row is locked, so that nobody waits crosswise.
 */
export async function lockPolicy(em: EntityManager): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(hashtextextended('tessera policy', 0))`);
}
