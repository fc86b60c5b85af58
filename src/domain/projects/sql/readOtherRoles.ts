import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';

const sql = `
select substring(r.v1 from 6) as role
from casbin_rules r
where r.ptype = 'g' and r.v0 = 'user:' || $1::uuid and r.v2 = '*'
union
select substring(r.v1 from 6)
from organization_members m
join casbin_rules r on r.ptype = 'g' and r.v0 = 'user:' || m.organization_id and r.v2 = 'project:' || $2::uuid
where m.actor_id = $1::uuid`;

/**
 * The roles that a person has in a project beside the one that they have there as a member: those held
 * everywhere, and those of their organizations, of suspended and deleted ones too, for these may come back.
 */
export async function readOtherRoles(
  em: EntityManager,
  { actorId, projectId }: { actorId: string; projectId: string },
): Promise<string[]> {
  const rows = await executePrepared<{ role: string }>(em, sql, [actorId, projectId]);
  return rows.map(({ role }) => role);
}
