import type pg from 'pg';
import type { PlaceKey } from '../Place.ts';

/** Whose place is gone, and where. */
export interface Gone {
  project_id: string;
  actor_id: string;
}

const released = `
update presences set expires_at = now() + $5::float * interval '1 millisecond'
where project_id = $1 and actor_id = $2 and place_id = $3 and node_id = $4 and expires_at is null`;

const removed = `
delete from presences where project_id = $1 and actor_id = $2 and place_id = $3`;

/** Without an index: a scan of some ten thousand rows takes two milliseconds, and every index costs every move. */
const reaped = `
with dead as (
  delete from presence_nodes where seen_at < now() - $1::float * interval '1 millisecond'
)
delete from presences p
where p.expires_at <= now() or (p.expires_at is null and not exists (
  select from presence_nodes n where n.id = p.node_id and n.seen_at >= now() - $1::float * interval '1 millisecond'))
returning p.project_id, p.actor_id`;

/** The node holds the place no longer: it is forgotten after `graceMs`, unless another node holds it by then. */
export async function releasePlace(
  reads: pg.Pool,
  key: PlaceKey,
  nodeId: string,
  graceMs: number,
): Promise<void> {
  const values = [key.projectId, key.actorId, key.placeId, nodeId, graceMs];
  await reads.query({ name: 'release presence', text: released, values });
}

/** Forgets the place at once. @returns whether it was there. */
export async function removePlace(reads: pg.Pool, key: PlaceKey): Promise<boolean> {
  const values = [key.projectId, key.actorId, key.placeId];
  return (await reads.query({ name: 'remove presence', text: removed, values })).rowCount === 1;
}

/** Forgets what has expired, and what is held by nodes not heard of for `ttlMs`; tells of each place to one caller only. */
export async function reapPlaces(reads: pg.Pool, ttlMs: number): Promise<Gone[]> {
  return (await reads.query<Gone>({ name: 'reap presences', text: reaped, values: [ttlMs] })).rows;
}
