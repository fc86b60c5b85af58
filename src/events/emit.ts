import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { afterCommit, beforeCommit, causeOf, ormOf } from '../database/transaction.ts';
import { type EventType, type Payload, catalogue } from './catalogue.ts';
import { appendEvents } from './sql/appendEvents.ts';

/** A stream is a project's or a person's; every durable event belongs to one. */
export type Stream = `project:${string}` | `user:${string}`;

interface Queued {
  stream: Stream;
  type: EventType;
  build: () => Payload<EventType>;
}

const queues = new WeakMap<EntityManager, Queued[]>();
const announcers = new WeakMap<MikroORM, (stream: Stream, seq: number) => void>();
let checksPayloads = false;

/** Says where the hints of this server's commits go; the composition gives the bus. */
export function announceTo(orm: MikroORM, listener: (stream: Stream, seq: number) => void): void {
  announcers.set(orm, listener);
}

/** Tests check every payload against its schema; types alone hold it in production. */
export function checkPayloads(): void {
  checksPayloads = true;
}

async function append(em: EntityManager): Promise<void> {
  const queue = queues.get(em) ?? [];
  queues.delete(em);
  const byStream = Map.groupBy(queue, (queued) => queued.stream);
  const { actorId, mutationId } = causeOf(em);
  const announce = announcers.get(ormOf(em));
  // Sorted, so that two transactions which write to the same streams cannot deadlock.
  for (const stream of [...byStream.keys()].toSorted()) {
    const events = (byStream.get(stream) ?? []).map(({ type, build }) => {
      const row: { payload: { parse(value: unknown): unknown }; subject: (payload: never) => string } = catalogue[type];
      const payload = build();
      if (checksPayloads) row.payload.parse(payload);
      return { type, payload, subject: row.subject(payload as never) };
    });
    const seq = await appendEvents(em, stream, events, { actorId, mutationId: mutationId ?? null });
    afterCommit(em, () => announce?.(stream, seq));
  }
}

/**
 * Queues an event of the caller's transaction. `build` runs after the flush, when ids and moments are
 * there; the event commits with the change that caused it, or not at all.
 */
export function emit<T extends EventType>(em: EntityManager, stream: Stream, type: T, build: () => Payload<T>): void {
  const queued = { stream, type, build: build as () => Payload<EventType> };
  const queue = queues.get(em);
  if (queue) {
    queue.push(queued);
    return;
  }
  queues.set(em, [queued]);
  // Two steps late: audit rows, which hooks write, come before the lock on the stream is taken.
  beforeCommit(em, async () => beforeCommit(em, append));
}
