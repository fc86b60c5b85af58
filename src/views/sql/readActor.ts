import type pg from 'pg';
import type { ProfileView } from '../identity.ts';

const text = `
select id, username, name, actor_type as "actorType", orcid, institution_id as "institutionId", created_at as "createdAt"
from actors where id = $1 and deleted_at is null`;

/** A public profile, of a person or an organization. */
export async function readActor(reads: pg.Pool, actorId: string): Promise<ProfileView | undefined> {
  const { rows } = await reads.query<ProfileView>({ name: 'read actor', text, values: [actorId] });
  return rows[0];
}
