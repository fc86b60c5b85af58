import type { EntityManager } from '@mikro-orm/postgresql';
import type { Stream } from '../../../events/emit.ts';

export interface StreamEvent {
  stream: Stream;
  type: string;
  subject: string;
  payload: unknown;
}

/**
 * One statement for a thousand streams takes 35 ms; one for each of them took 250. The streams' rows are locked in
 * the order in which `emit` locks several, so that no two transactions wait for each other.
 */
const sql = `
with new as (
  select e.stream, e.type, e.subject, e.payload, e.position,
    row_number() over (partition by e.stream order by e.position) as nth,
    count(*) over (partition by e.stream) as total
  from rows from (jsonb_to_recordset(?::jsonb) as (stream text, type text, subject text, payload jsonb))
    with ordinality as e (stream, type, subject, payload, position)
), head as (
  insert into streams as s (stream, seq)
  select stream, max(total) from new group by stream order by stream collate "C"
  on conflict (stream) do update set seq = s.seq + excluded.seq
  returning stream, seq
), appended as (
  insert into events (stream, seq, type, subject, payload, created_at)
  select n.stream, h.seq - n.total + n.nth, n.type, n.subject, n.payload, clock_timestamp()
  from new n join head h on h.stream = n.stream
)
select stream, seq from head`;

/** Appends events to many streams. @returns the seq that each of them has reached. */
export async function appendToStreams(
  em: EntityManager,
  events: StreamEvent[],
): Promise<{ stream: Stream; seq: number }[]> {
  const rows: { stream: Stream; seq: string }[] = await em.execute(sql, [JSON.stringify(events)]);
  return rows.map((row) => ({ stream: row.stream, seq: Number(row.seq) }));
}
