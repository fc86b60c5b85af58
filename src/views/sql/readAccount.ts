import type pg from 'pg';
import { type AccountView, viewAccount } from '../identity.ts';

const text = `
select a.id, a.username, a.name, a.actor_type as "actorType", a.orcid, a.institution_id as "institutionId", a.email, a.is_verified as "isVerified", a.metadata,
  a.suspended_at as "suspendedAt", a.created_at as "createdAt", a.updated_at as "updatedAt", r.name as "systemRole"
from actors a left join roles r on r.id = a.role_id
where a.id = $1 and a.deleted_at is null`;

/** An account as its owner sees it. */
export async function readAccount(reads: pg.Pool, actorId: string): Promise<AccountView | undefined> {
  type Row = Parameters<typeof viewAccount>[0] & { systemRole: string | null };
  const { rows } = await reads.query<Row>({ name: 'read account', text, values: [actorId] });
  return rows[0] && viewAccount(rows[0], rows[0].systemRole);
}
