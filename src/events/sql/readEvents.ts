import type pg from 'pg';
import type { Stream } from '../emit.ts';
import type { LogEvent } from '../watch.ts';
import { type EventColumns, toLogEvent } from './toLogEvent.ts';

/** A page of a stream, with the head of the stream and both epochs as of the same instant. */
export interface EventPage {
  /** Changes when the stream was begun anew; 1 for a stream that has no event yet. */
  epoch: number;
  /** Seq of the last event committed. */
  head: number;
  policyEpoch: number;
  accessEpoch: number;
  /** In order, moments revived. The first one's seq may lie beyond `after + 1`: retention took those before. */
  events: LogEvent[];
}

interface Row extends EventColumns {
  epoch: string;
  head: string;
  policy_epoch: string;
  access_epoch: string;
  created_at: Date;
}

/**
 * One statement is one snapshot: whoever sees an event here also sees every revocation committed before it.
 * The plan is an index scan of the primary key in each partition, merged; the row of the stream and the two
 * epochs are three more index reads. Reading the epochs apart was rejected: a revocation and an event may
 * commit between the two statements.
 */
const text = `
select coalesce(s.epoch, 1) as epoch, coalesce(s.seq, 0) as head,
       (select epoch from authz_epochs where name = 'policy') as policy_epoch,
       (select epoch from authz_epochs where name = 'access') as access_epoch,
       e.seq, e.type, e.subject, e.payload, e.actor_id, e.mutation_id, e.created_at
from (select 1) as one
left join streams s on s.stream = $1
left join lateral (
  select seq, type, subject, payload, actor_id, mutation_id, created_at
  from events
  where stream = $1 and seq > $2
  order by seq
  limit $3
) as e on true
order by e.seq`;

/** Reads up to `limit` events of a stream after `after`. */
export async function readEvents(
  database: pg.Pool | pg.ClientBase,
  stream: Stream,
  after: number,
  limit: number,
): Promise<EventPage> {
  const { rows } = await database.query<Row>({ name: 'read events', text, values: [stream, after, limit] });
  const [first] = rows;
  if (!first)
    throw new Error('The read of events returned no row, although it is written to return one always.');
  const events: LogEvent[] = [];
  for (const row of rows) {
    if (row.seq === null) continue;
    events.push(toLogEvent(stream, row, row.created_at));
  }
  return {
    epoch: Number(first.epoch),
    head: Number(first.head),
    policyEpoch: Number(first.policy_epoch),
    accessEpoch: Number(first.access_epoch),
    events,
  };
}
