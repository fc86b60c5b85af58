import type pg from 'pg';
import type { PlaceRow } from '../../../views/presence.ts';

/** A thread's file is read with it: it may have moved since somebody came there. */
const text = `
select p.project_id, p.place_id, p.thread_id, coalesce(p.file_path, t.file_path) as file_path, p.state, p.changed_at,
  a.id, a.username, a.name, a.actor_type
from unnest($1::uuid[], $2::uuid[]) as asked (project_id, actor_id)
join presences p on p.project_id = asked.project_id and (asked.actor_id is null or p.actor_id = asked.actor_id)
join actors a on a.id = p.actor_id
left join comment_threads t on t.id = p.thread_id and t.deleted_at is null
where p.expires_at is null or p.expires_at > now()
order by p.project_id, a.name, a.id, p.changed_at desc, p.place_id`;

/** The places of people in projects; `actorId` null: of everybody there. Each person's newest first. */
export async function readPlaces(
  client: Pick<pg.ClientBase, 'query'>,
  asked: readonly { projectId: string; actorId: string | null }[],
): Promise<PlaceRow[]> {
  const { rows } = await client.query<PlaceRow>({
    name: 'read presences',
    text,
    values: [asked.map(({ projectId }) => projectId), asked.map(({ actorId }) => actorId)],
  });
  return rows;
}
