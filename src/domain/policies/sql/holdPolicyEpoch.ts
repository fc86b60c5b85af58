import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

/**
 * The policy's epoch, which nobody else moves until this transaction ends: not even who changes the table
 * directly, without the lock that lockPolicy takes.
 */
export async function holdPolicyEpoch(em: EntityManager): Promise<number> {
  const rows = await executePrepared<{ epoch: string }>(
    em,
    'select epoch from authz_epochs where name = $1 for update',
    ['policy'],
  );
  return Number(rows[0]?.epoch ?? 0);
}
