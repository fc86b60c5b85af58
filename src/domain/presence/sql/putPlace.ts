import type pg from 'pg';
import { type PlaceKey, type Spot, mostPlaces } from '../Place.ts';

/** Counted only for a new place: who is here may always move. */
const room = `
(exists (select from presences where project_id = $1 and actor_id = $2 and place_id = $3)
  or (select count(*) from presences where actor_id = $2) < ${mostPlaces.ofActor}
  and (select count(*) from presences where project_id = $1) < ${mostPlaces.ofProject})`;

const putText = `
insert into presences (project_id, actor_id, place_id, file_path, thread_id, state, node_id, expires_at)
select $1::uuid, $2::uuid, $3::varchar, $4::text, $5::uuid, $6::varchar, $7::uuid, now() + $8::float * interval '1 millisecond'
where ${room}
on conflict (project_id, actor_id, place_id) do update
set file_path = excluded.file_path, thread_id = excluded.thread_id, state = excluded.state, changed_at = now(),
  node_id = coalesce(excluded.node_id, presences.node_id),
  expires_at = case when presences.expires_at is null then null else excluded.expires_at end`;

const holdText = `
insert into presences (project_id, actor_id, place_id, node_id, state)
select $1::uuid, $2::uuid, $3::varchar, $4::uuid, 'active'
where ${room}
on conflict (project_id, actor_id, place_id) do update set node_id = excluded.node_id, expires_at = null`;

/**
 * Says where somebody is. What no node holds is forgotten after `forMs`, unless it is said again.
 * @returns false when there is no room for another place.
 */
export async function putPlace(
  reads: pg.Pool,
  key: PlaceKey,
  to: Spot & { state: 'active' | 'idle' },
  holder: { nodeId: string } | { forMs: number },
): Promise<boolean> {
  const held = 'nodeId' in holder ? [holder.nodeId, null] : [null, holder.forMs];
  const { rowCount } = await reads.query({
    name: 'put presence',
    text: putText,
    values: [key.projectId, key.actorId, key.placeId, to.filePath, to.threadId, to.state, ...held],
  });
  return rowCount === 1;
}

/**
 * The node holds the place from now on, whoever held it before; a new one is in the project as such.
 * @returns false when there is no room for another place.
 */
export async function holdPlace(reads: pg.Pool, key: PlaceKey, nodeId: string): Promise<boolean> {
  const { rowCount } = await reads.query({
    name: 'hold presence',
    text: holdText,
    values: [key.projectId, key.actorId, key.placeId, nodeId],
  });
  return rowCount === 1;
}

/** Whether the place is there, or there is room for it. */
export async function hasRoom(reads: pg.Pool, key: PlaceKey): Promise<boolean> {
  const { rows } = await reads.query<{ hasRoom: boolean }>({
    name: 'room of presence',
    text: `select ${room} as "hasRoom"`,
    values: [key.projectId, key.actorId, key.placeId],
  });
  return rows[0]?.hasRoom ?? false;
}
