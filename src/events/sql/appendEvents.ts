import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { AuditRow } from '../audit.ts';
import { type EpochRow, type EpochsAtEnd, insertAudits, toEpochs } from './insertAuditLogs.ts';

export interface NewEvent {
  type: string;
  subject: string;
  payload: unknown;
}

const sql = `
with head as (
  insert into streams as s (stream, seq) values ($1, $2)
  on conflict (stream) do update set seq = s.seq + excluded.seq
  returning seq
), audited as (
  ${insertAudits('$6')}
), appended as (
  insert into events (stream, seq, type, subject, payload, actor_id, mutation_id, created_at)
  select $1, head.seq - $2 + e.position, e.event ->> 'type', e.event ->> 'subject', e.event -> 'payload', $3, $4, clock_timestamp()
  from head, jsonb_array_elements($5::jsonb) with ordinality as e (event, position)
)
select head.seq, e.policy as policy_epoch, e.access as access_epoch
from head cross join lateral current_epochs(head.seq) as e`;

/** The seq of the last event, and the epochs as they stood when the stream was this transaction's. */
interface Appended extends EpochsAtEnd {
  seq: number;
}

/**
 * Appends events to one stream, with the audit rows of the same transaction.
 *
 * The row lock on the stream, held from here to the commit, makes seq gap-free; so this is the last statement
 * of a transaction. (A global sequence was rejected: readers of `id > cursor` miss what commits out of order.)
 */
export async function appendEvents(
  em: EntityManager,
  record: {
    stream: string;
    events: NewEvent[];
    audits: AuditRow[];
    actorId: string | null;
    mutationId: string | null;
  },
): Promise<Appended> {
  const { stream, events, audits, actorId, mutationId } = record;
  const [row] = await executePrepared<EpochRow & { seq: string }>(em, sql, [
    stream,
    events.length,
    actorId,
    mutationId,
    JSON.stringify(events),
    JSON.stringify(audits),
  ]);
  return { seq: Number(row?.seq), ...toEpochs(row) };
}
