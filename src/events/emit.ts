import type { EntityManager } from '@mikro-orm/postgresql';
import { type EventType, type Payload, catalogue } from './catalogue.ts';
import { recordOf } from './record.ts';

/** A stream is a project's or a person's; every durable event belongs to one. */
export type Stream = `project:${string}` | `user:${string}`;

let checksPayloads = false;

/** Tests check every payload against its schema; types alone hold it in production. */
export function checkPayloads(): void {
  checksPayloads = true;
}

/**
 * Queues an event of the caller's transaction. `build` runs after the flush, when ids and moments are
 * there; the event commits with the change that caused it, or not at all.
 */
export function emit<T extends EventType>(
  em: EntityManager,
  stream: Stream,
  type: T,
  build: () => Payload<T>,
): void {
  const row: { payload: { parse(value: unknown): unknown }; subject: (payload: never) => string } =
    catalogue[type];
  recordOf(em).events.push({
    stream,
    build: () => {
      const payload = build();
      if (checksPayloads) row.payload.parse(payload);
      return { type, payload, subject: row.subject(payload as never) };
    },
  });
}
