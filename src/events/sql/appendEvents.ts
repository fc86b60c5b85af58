import type { EntityManager } from '@mikro-orm/postgresql';

export interface NewEvent {
  type: string;
  subject: string;
  payload: unknown;
}

const sql = `
with head as (
  insert into streams as s (stream, seq) values (?, ?)
  on conflict (stream) do update set seq = s.seq + excluded.seq
  returning seq
)
insert into events (stream, seq, type, subject, payload, actor_id, mutation_id, created_at)
select ?, head.seq - ? + e.position, e.event ->> 'type', e.event ->> 'subject', e.event -> 'payload', ?::uuid, ?, clock_timestamp()
from head, jsonb_array_elements(?::jsonb) with ordinality as e (event, position)
returning seq`;

/**
 * Appends events to one stream and returns the seq of the last. The row lock on the stream, held from here
 * to the commit, makes seq gap-free; so this is the last statement of a transaction. (A global sequence was
 * rejected: readers of `id > cursor` miss what commits out of order.)
 */
export async function appendEvents(
  em: EntityManager,
  stream: string,
  events: NewEvent[],
  by: { actorId: string | null; mutationId: string | null },
): Promise<number> {
  const rows: { seq: string | number }[] = await em.execute(sql, [
    stream,
    events.length,
    stream,
    events.length,
    by.actorId,
    by.mutationId,
    JSON.stringify(events),
  ]);
  return rows.reduce((last, row) => Math.max(last, Number(row.seq)), 0);
}
