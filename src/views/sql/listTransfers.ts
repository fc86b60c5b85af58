import type pg from 'pg';
import type { ProjectScope } from '../../authz/projectsWhere.ts';
import type { Position } from '../paging.ts';
import type { TransferView } from '../transfers.ts';
import { before } from './keyset.ts';
import { projectScope } from './projectScope.ts';

const actorColumns = (of: string) =>
  `jsonb_build_object('id', ${of}.id, 'username', ${of}.username, 'name', ${of}.name, 'actorType', ${of}.actor_type)`;

export interface TransferFilter {
  actorId: string;
  /** Where the caller may give projects away. */
  scope: ProjectScope;
  after: Position | null;
  limit: number;
}

/** Offers that stand, newest first: to the person, to organizations of theirs, and of projects that they may give away. */
export async function listTransfers(reads: pg.Pool, filter: TransferFilter): Promise<TransferView[]> {
  const { shape, ctes, condition, values } = projectScope(filter.scope, { first: 5 });
  const { rows } = await reads.query<TransferView>({
    name: `list transfers: ${shape}`,
    text: `${ctes}
select t.id, t.project_id as "projectId", p.name as "projectName", ${actorColumns('f')} as "from", ${actorColumns('o')} as "to",
  t.status, t.expires_at as "expiresAt", t.created_at as "createdAt", t.resolved_at as "resolvedAt"
from project_transfers t
join projects p on p.id = t.project_id and p.deleted_at is null
join actors f on f.id = t.from_id
join actors o on o.id = t.to_id
where t.status = 'pending' and t.expires_at > now()
  and (t.to_id = $1 or (${condition}) or t.to_id in (
    select organization_id from organization_members where actor_id = $1 and role = 'owner'
  ))
  and (t.created_at, t.id) < ($2::timestamptz, $3::uuid)
order by t.created_at desc, t.id desc
limit $4`,
    values: [filter.actorId, ...before(filter.after), filter.limit, ...values],
  });
  return rows;
}
