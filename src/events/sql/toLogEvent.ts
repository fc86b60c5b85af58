import type { EventType, Payload } from '../catalogue.ts';
import type { Stream } from '../emit.ts';
import { reviveMoments } from '../reviveMoments.ts';
import type { LogEvent } from '../watch.ts';

/** The columns of `events` that make an event; `seq` is null where an outer join found none. */
export interface EventColumns {
  seq: string | null;
  type: EventType;
  subject: string;
  payload: Payload<EventType>;
  actor_id: string | null;
  mutation_id: string | null;
}

/** A row of the log as an event, moments revived. */
export function toLogEvent(stream: Stream, row: EventColumns, createdAt: Date): LogEvent {
  return {
    stream,
    seq: Number(row.seq),
    type: row.type,
    subject: row.subject,
    payload: reviveMoments(row.payload),
    actorId: row.actor_id,
    mutationId: row.mutation_id,
    createdAt,
  };
}
