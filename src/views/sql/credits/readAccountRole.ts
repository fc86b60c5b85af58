import type pg from 'pg';

const text = `
select m.role from actors a left join organization_members m on m.organization_id = a.id and m.actor_id = $2
where a.id = $1 and a.deleted_at is null`;

/** What somebody is in the organization whose account it is (null: nothing); undefined when there is no such account. */
export async function readAccountRole(
  reads: pg.Pool,
  of: { accountId: string; callerId: string },
): Promise<'owner' | 'member' | null | undefined> {
  const { rows } = await reads.query<{ role: 'owner' | 'member' | null }>({
    name: 'read account role',
    text,
    values: [of.accountId, of.callerId],
  });
  return rows[0]?.role;
}
