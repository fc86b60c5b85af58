import type pg from 'pg';
import type { ActorView } from '../identity.ts';

const text = `
select id, username, name, actor_type as "actorType", orcid, created_at as "createdAt"
from actors where id = $1 and deleted_at is null`;

/** A public profile, of a person or an organization. */
export async function readActor(reads: pg.Pool, actorId: string): Promise<ActorView | undefined> {
  const { rows } = await reads.query<ActorView>({ name: 'read actor', text, values: [actorId] });
  return rows[0];
}
