import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { AuditRow } from '../audit.ts';
import { insertAudits } from './insertAuditLogs.ts';

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
select seq from head`;

/**
 * Appends events to one stream, with the audit rows of the same transaction, and returns the seq of the last.
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
): Promise<number> {
  const { stream, events, audits, actorId, mutationId } = record;
  const rows = await executePrepared<{ seq: string | number }>(em, sql, [
    stream,
    events.length,
    actorId,
    mutationId,
    JSON.stringify(events),
    JSON.stringify(audits),
  ]);
  return Number(rows[0]?.seq);
}
