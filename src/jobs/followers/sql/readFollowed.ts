import type { EntityManager } from '@mikro-orm/postgresql';
import type { EventType } from '../../../events/catalogue.ts';
import type { Stream } from '../../../events/emit.ts';
import { type EventColumns, toLogEvent } from '../../../events/sql/toLogEvent.ts';
import type { LogEvent } from '../../../events/watch.ts';

/** The head is read in the statement that reads the events, so nothing up to it can be missing from them. */
const sql = `
select s.seq as head, e.seq, e.type, e.subject, e.payload, e.actor_id, e.mutation_id,
  (extract(epoch from e.created_at) * 1000)::float8 as created_ms
from streams s
left join lateral (
  select * from events where stream = s.stream and seq > ? and type = any(?::text[]) order by seq limit ?
) e on true
where s.stream = ?
order by e.seq`;

interface Row extends EventColumns {
  head: string;
  created_ms: number;
}

/** Up to `limit` events of the types given after a seq, and the seq of the stream's last event of any type. */
export async function readFollowed(
  em: EntityManager,
  stream: Stream,
  of: { after: number; types: readonly EventType[]; limit: number },
): Promise<{ head: number; events: LogEvent[] }> {
  const rows: Row[] = await em.execute(sql, [of.after, `{${of.types.join(',')}}`, of.limit, stream]);
  const events = rows
    .filter((row) => row.seq !== null)
    .map((row) => toLogEvent(stream, row, new Date(row.created_ms)));
  return { head: Number(rows[0]?.head ?? 0), events };
}
