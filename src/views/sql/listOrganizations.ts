import type pg from 'pg';
import type { OrganizationView } from '../identity.ts';
import type { Position } from '../paging.ts';
import { organizationColumns } from './readOrganization.ts';

/** Deleted ones are shown to who may restore them. */
const text = `
select ${organizationColumns}
from organization_members m join actors a on a.id = m.organization_id
where m.actor_id = $1
  and case when $2::boolean then a.deleted_at is not null and m.role = 'owner' else a.deleted_at is null end
  and ($3::timestamptz is null or (a.created_at, a.id) < ($3::timestamptz, $4::uuid))
order by a.created_at desc, a.id desc
limit $5`;

export interface OrganizationFilter {
  actorId: string;
  /** true: the deleted ones that the actor owns, instead of those there are. */
  deleted: boolean;
  after: Position | null;
  limit: number;
}

/** The organizations that an actor belongs to, newest first. */
export async function listOrganizations(
  reads: pg.Pool,
  filter: OrganizationFilter,
): Promise<OrganizationView[]> {
  const { actorId, deleted, after, limit } = filter;
  const { rows } = await reads.query<OrganizationView>({
    name: 'list organizations',
    text,
    values: [actorId, deleted, after?.createdAt ?? null, after?.id ?? null, limit],
  });
  return rows;
}
