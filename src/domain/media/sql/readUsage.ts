import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { findPayer } from '../../credits/sql/findPayer.ts';

const sql = `
select coalesce(sum(m.size_bytes), 0)::float8 as used from media_files m join projects p on p.id = m.project_id
where p.owner_id = $1 and m.bytes_removed_at is null`;

/**
 * Bytes that the owner of a project takes in all their projects: of uploads under way as announced, and of
 * deleted files until they are removed for good. Who asks next waits until this transaction is over.
 */
export async function lockUsage(em: EntityManager, projectId: string): Promise<number> {
  const ownerId = await findPayer(em, projectId);
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`media quota:${ownerId}`], 'run');
  const [row] = await executePrepared<{ used: number }>(em, sql, [ownerId]);
  return row?.used ?? 0;
}
