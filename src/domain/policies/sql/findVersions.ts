import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import { type PolicyVersionView, type VersionRow, viewPolicyVersion } from '../../../views/policies.ts';
import { versionColumns } from '../../../views/sql/listPolicyVersions.ts';

const after = `select ${versionColumns} where v.epoch > $1 order by v.epoch desc limit $2`;

/** The versions that came after an epoch, newest first. */
export async function findVersionsAfter(
  em: EntityManager,
  epoch: number,
  limit: number | null = null,
): Promise<PolicyVersionView[]> {
  return (await executePrepared<VersionRow>(em, after, [epoch, limit])).map(viewPolicyVersion);
}

/** Whether the policy was at this epoch once a change of it was made. */
export async function hasVersion(em: EntityManager, epoch: number): Promise<boolean> {
  const rows = await executePrepared(em, 'select from authz_versions where epoch = $1', [epoch]);
  return rows.length > 0;
}
