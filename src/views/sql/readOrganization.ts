import type pg from 'pg';
import type { OrganizationView } from '../identity.ts';

/** Column list that matches `OrganizationView`, `a` being the organization and `m` the caller's membership. */
export const organizationColumns = `
  a.id, a.username, a.name, a.actor_type as "actorType", a.orcid, a.metadata, m.role,
  a.created_at as "createdAt", a.updated_at as "updatedAt", a.deleted_at as "deletedAt"`;

const text = `
select ${organizationColumns}
from actors a left join organization_members m on m.organization_id = a.id and m.actor_id = $2
where a.id = $1 and a.actor_type = 'organization' and a.deleted_at is null`;

/** An organization's public profile, with what `callerId` is in it. */
export async function readOrganization(
  reads: pg.Pool,
  id: string,
  callerId: string,
): Promise<OrganizationView | undefined> {
  const { rows } = await reads.query<OrganizationView>({
    name: 'read organization',
    text,
    values: [id, callerId],
  });
  return rows[0];
}
