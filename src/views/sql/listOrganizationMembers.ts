import type pg from 'pg';
import {
  type ActorRef,
  type OrganizationMemberView,
  type OrganizationRole,
  viewActorRef,
} from '../identity.ts';
import type { Position } from '../paging.ts';

const text = `
select m.organization_id as "organizationId", m.role, m.created_at as "addedAt",
  a.id, a.username, a.name, a.actor_type as "actorType"
from organization_members m join actors a on a.id = m.actor_id
where m.organization_id = $1
  and ($2::timestamptz is null or (m.created_at, m.actor_id) > ($2::timestamptz, $3::uuid))
order by m.created_at, m.actor_id
limit $4`;

type Row = ActorRef & { organizationId: string; role: OrganizationRole; addedAt: Date };

/** Members in the order they were added. */
export async function listOrganizationMembers(
  reads: pg.Pool,
  organizationId: string,
  after: Position | null,
  limit: number,
): Promise<OrganizationMemberView[]> {
  const values = [organizationId, after?.createdAt ?? null, after?.id ?? null, limit];
  const { rows } = await reads.query<Row>({ name: 'list organization members', text, values });
  return rows.map(({ organizationId: id, role, addedAt, ...actor }) => ({
    organizationId: id,
    actor: viewActorRef(actor),
    role,
    addedAt,
  }));
}
