import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, beforeCommit, causeOf, ormOf } from '../database/transaction.ts';
import type { AuditRow } from './audit.ts';
import type { Stream } from './emit.ts';
import { type NewEvent, appendEvents } from './sql/appendEvents.ts';
import { insertAuditLogs } from './sql/insertAuditLogs.ts';

/** What a transaction leaves behind beside its rows. */
interface TransactionRecord {
  audits: AuditRow[];
  events: { stream: Stream; build: () => NewEvent }[];
}

const records = new WeakMap<EntityManager, TransactionRecord>();
const announcers = new WeakMap<MikroORM, (stream: Stream, seq: number) => void>();

/** Says where the hints of this server's commits go; the composition gives the bus. */
export function announceTo(orm: MikroORM, listener: (stream: Stream, seq: number) => void): void {
  announcers.set(orm, listener);
}

/**
 * Writes audit rows and events, last before the commit: the lock on a stream is held only from here.
 * The first statement takes the audit rows along, so an ordinary mutation has one of them, not two.
 */
async function write(em: EntityManager): Promise<void> {
  const record = records.get(em);
  if (!record) return;
  records.delete(em);
  const { actorId, mutationId } = causeOf(em);
  const announce = announcers.get(ormOf(em));
  const byStream = Map.groupBy(record.events, (event) => event.stream);
  // Sorted, so that two transactions which write to the same streams cannot deadlock.
  const streams = [...byStream.keys()].toSorted();
  if (streams.length === 0) await insertAuditLogs(em, record.audits);
  for (const [index, stream] of streams.entries()) {
    const events = (byStream.get(stream) ?? []).map(({ build }) => build());
    const audits = index === 0 ? record.audits : [];
    const seq = await appendEvents(em, { stream, events, audits, actorId, mutationId: mutationId ?? null });
    afterCommit(em, () => announce?.(stream, seq));
  }
}

/** What this transaction will leave behind, to be added to. */
export function recordOf(em: EntityManager): TransactionRecord {
  const known = records.get(em);
  if (known) return known;
  const record: TransactionRecord = { audits: [], events: [] };
  records.set(em, record);
  // A step later than the hooks that are there when the unit of work is flushed.
  beforeCommit(em, async () => beforeCommit(em, write));
  return record;
}
