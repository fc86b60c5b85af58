import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, beforeCommit, causeOf, ormOf } from '../database/transaction.ts';
import type { AuditRow } from './audit.ts';
import type { Stream } from './emit.ts';
import { type NewEvent, appendEvents } from './sql/appendEvents.ts';
import { type EpochsAtEnd, insertAuditLogs } from './sql/insertAuditLogs.ts';

/** What a transaction leaves behind beside its rows. */
interface TransactionRecord {
  audits: AuditRow[];
  events: { stream: Stream; build: () => NewEvent }[];
}

/** Told of the epochs at the end; throws to undo the transaction. */
type Confirm = (seen: EpochsAtEnd) => Promise<void>;

const records = new WeakMap<EntityManager, TransactionRecord>();
const confirmations = new WeakMap<EntityManager, Confirm>();
const announcers = new WeakMap<MikroORM, (stream: Stream, seq: number) => void>();

/** Says where the hints of this server's commits go; the composition gives the bus. */
export function announceTo(orm: MikroORM, listener: (stream: Stream, seq: number) => void): void {
  announcers.set(orm, listener);
}

/**
 * Has `confirm` look once more, after everything that a transaction leaves on record is written: at that
 * point its streams are locked, so no revocation that is told of in one of them can come in between.
 */
export function confirmAtEnd(em: EntityManager, confirm: Confirm): void {
  confirmations.set(em, confirm);
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
  let seen = streams.length === 0 ? await insertAuditLogs(em, record.audits) : undefined;
  for (const [index, stream] of streams.entries()) {
    const events = (byStream.get(stream) ?? []).map(({ build }) => build());
    const audits = index === 0 ? record.audits : [];
    const appended = await appendEvents(em, {
      stream,
      events,
      audits,
      actorId,
      mutationId: mutationId ?? null,
    });
    seen = appended;
    afterCommit(em, () => announce?.(stream, appended.seq));
  }
  if (seen) await confirmations.get(em)?.(seen);
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
