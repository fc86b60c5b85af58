import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, beforeCommit, causeOf, ormOf } from '../database/transaction.ts';
import type { AuditRow } from './audit.ts';
import type { Stream } from './emit.ts';
import { type NewEvent, appendEvents } from './sql/appendEvents.ts';
import { appendToStreams } from './sql/appendToStreams.ts';
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

/** Hints at an event that a statement of this transaction has appended itself. */
export function announceAfterCommit(em: EntityManager, stream: Stream, seq: number): void {
  const announce = announcers.get(ormOf(em));
  afterCommit(em, () => announce?.(stream, seq));
}

/** Hints at an event that a statement outside `transact` has appended and committed. */
export function announceEvent(orm: MikroORM, stream: Stream, seq: number): void {
  announcers.get(orm)?.(stream, seq);
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
  const { audits } = record;
  const shared = { audits, actorId, mutationId: mutationId ?? null };
  const [only] = streams;
  if (only !== undefined && streams.length === 1) {
    const events = record.events.map(({ build }) => build());
    const appended = await appendEvents(em, { stream: only, events, ...shared });
    seen = appended;
    afterCommit(em, () => announce?.(only, appended.seq));
  } else if (streams.length > 1) {
    const events = streams.flatMap((stream) =>
      (byStream.get(stream) ?? []).map(({ build }) => Object.assign(build(), { stream })),
    );
    const appended = await appendToStreams(em, { events, ...shared });
    seen = appended;
    for (const stream of streams) afterCommit(em, () => announce?.(stream, appended.seqs[stream] ?? 0));
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
