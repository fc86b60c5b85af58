import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import type { AuditRow } from '../audit.ts';
import type { NewEvent } from './appendEvents.ts';
import { type EpochRow, type EpochsAtEnd, insertAudits, toEpochs } from './insertAuditLogs.ts';

/**
 * As appendEvents, for several streams in one round trip: they are locked in the order of their names, so that two
 * transactions which write to the same ones cannot deadlock.
 */
const sql = `
with given as (
  select event ->> 'stream' as stream, event, row_number() over (partition by event ->> 'stream' order by n) as position
  from jsonb_array_elements($1::jsonb) with ordinality as e (event, n)
), head as (
  insert into streams as s (stream, seq) select stream, count(*) from given group by stream order by stream
  on conflict (stream) do update set seq = s.seq + excluded.seq
  returning stream, seq
), counts as (
  select stream, count(*) as n from given group by stream
), audited as (
  ${insertAudits('$4')}
), appended as (
  insert into events (stream, seq, type, subject, payload, actor_id, mutation_id, created_at)
  select g.stream, h.seq - c.n + g.position, event ->> 'type', event ->> 'subject', event -> 'payload', $2, $3, clock_timestamp()
  from given g join head h on h.stream = g.stream join counts c on c.stream = g.stream
), locked as materialized (
  select jsonb_object_agg(stream, seq) as seqs, max(seq) as last from head
)
select seqs, e.policy as policy_epoch, e.access as access_epoch
from locked cross join lateral current_epochs(locked.last) as e`;

/** The seq of the last event of each stream, and the epochs as they stood when all streams were this transaction's. */
interface Appended extends EpochsAtEnd {
  seqs: Readonly<Record<string, number>>;
}

/** Appends events to several streams, with the audit rows of the same transaction; its last statement. */
export async function appendToStreams(
  em: EntityManager,
  record: {
    events: (NewEvent & { stream: string })[];
    audits: AuditRow[];
    actorId: string | null;
    mutationId: string | null;
  },
): Promise<Appended> {
  const { events, audits, actorId, mutationId } = record;
  const [row] = await executePrepared<EpochRow & { seqs: Record<string, number> }>(em, sql, [
    JSON.stringify(events),
    actorId,
    mutationId,
    JSON.stringify(audits),
  ]);
  return { seqs: row?.seqs ?? {}, ...toEpochs(row) };
}
