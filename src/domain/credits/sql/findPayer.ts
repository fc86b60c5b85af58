import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { fail } from '../../../errors.ts';

const sql = `select owner_id as "ownerId" from projects where id = $1`;

/** Who pays for the jobs of a project: its owner. @throws NOT_FOUND (project) */
export async function findPayer(em: EntityManager, projectId: string): Promise<string> {
  const [row] = await executePrepared<{ ownerId: string }>(em, sql, [projectId]);
  return row?.ownerId ?? fail('NOT_FOUND', { thing: 'project' });
}
