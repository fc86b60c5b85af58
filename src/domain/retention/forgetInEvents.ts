import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import { audit } from '../../events/audit.ts';
import { type Conceal, concealActors } from './concealActors.ts';

/** Events that are looked at in one transaction. */
const batchSize = 2_000;
/** Actors whose names are looked for in one pass. */
const mostActors = 100;

/** A minute later: by then everything is over that still knew the name. Organizations can be restored until they are erased. */
const findForgotten = `
select a.id, a.name, a.username from actors a
where a.deleted_at < now() - interval '1 minute' and (a.actor_type = 'person' or a.username = 'deleted-' || a.id)
  and not exists (select from audit_logs l where l.entity_type = 'actors' and l.entity_id = a.id::text and l.action = 'forget')
order by a.deleted_at limit $1`;

/** In the order of the primary key. Payloads as text: most name none of them, and need not be parsed. */
const readBatch = `
select b.stream, b.seq::text, to_char(b.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MSZ') as created_at,
  case when b.payload::text ~ $3 then b.payload::text end as payload,
  case when b.type = 'notification.added' then (select title from notifications n where n.id::text = b.payload ->> 'id') end as title
from (select * from events where (stream, seq) > ($1, $2::bigint) order by stream, seq limit $4) b
order by b.stream, b.seq`;

const store = `
update events e set payload = n.payload
from jsonb_to_recordset($1::text::jsonb) as n(stream text, seq bigint, created_at timestamptz, payload jsonb)
where e.stream = n.stream and e.seq = n.seq and e.created_at = n.created_at`;

interface Row {
  stream: string;
  seq: string;
  created_at: string;
  payload: string | null;
  /** Of a notification, as the inbox has it now: it began with the name of who caused it. */
  title: string | null;
}

interface Place {
  stream: string;
  seq: string;
}

function rewrite(row: Row, actors: ReadonlyMap<string, Conceal>): object[] {
  if (row.payload === null) return [];
  const before = JSON.parse(row.payload) as Record<string, unknown>;
  const after = concealActors(before, actors) as Record<string, unknown>;
  const payload =
    row.title === null || row.title === before['title'] ? after : { ...after, title: row.title };
  return payload === before
    ? []
    : [{ stream: row.stream, seq: row.seq, created_at: row.created_at, payload }];
}

/** @returns where the next batch begins; null: there is none. */
async function forgetInBatch(
  em: EntityManager,
  actors: ReadonlyMap<string, Conceal>,
  { stream, seq }: Place,
): Promise<Place | null> {
  const rows = await executePrepared<Row>(em, readBatch, [
    stream,
    seq,
    [...actors.keys()].join('|'),
    batchSize,
  ]);
  const changed = rows.flatMap((row) => rewrite(row, actors));
  if (changed.length > 0) await executePrepared(em, store, [JSON.stringify(changed)]);
  return rows.length === batchSize ? (rows.at(-1) ?? null) : null;
}

/**
 * Takes the names of deleted people, and of erased organizations, out of the events that are still kept: so the feed
 * of a project, and whoever resumes a subscription, is told of “Deleted account” too. Stream, seq, type, time and
 * `actorId` stay, so every cursor goes on holding. Done once for each actor, which the audit log says (`forget`); an
 * interrupted pass is made again.
 * @returns how many actors were looked for.
 */
export async function forgetInEvents(orm: MikroORM): Promise<number> {
  const found = await transact(orm, systemCause, (em) =>
    executePrepared<Conceal & { id: string }>(em, findForgotten, [mostActors]),
  );
  if (found.length === 0) return 0;
  const actors = new Map(found.map(({ id, name, username }) => [id, { name, username }]));
  let place: Place | null = { stream: '', seq: '0' };
  while (place) {
    const from: Place = place;
    place = await transact(orm, systemCause, (em) => forgetInBatch(em, actors, from));
  }
  await transact(orm, systemCause, async (em) => {
    for (const { id } of found) audit(em, { action: 'forget', entityType: 'actors', entityId: id });
    return Promise.resolve();
  });
  return found.length;
}
