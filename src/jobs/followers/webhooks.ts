import { v7 as uuidv7 } from 'uuid';
import { afterCommit } from '../../database/transaction.ts';
import { composeMessage } from '../../domain/webhooks/composeMessage.ts';
import { wants, webhookTypes } from '../../domain/webhooks/eventTypes.ts';
import { findListening } from '../../domain/webhooks/sql/findListening.ts';
import { type NewDelivery, insertDeliveries } from '../../domain/webhooks/sql/insertDeliveries.ts';
import type { LogEvent } from '../../events/watch.ts';
import type { Follower } from './Follower.ts';

/** After so much a transaction takes no further event. */
const enough = { rows: 1_000, characters: 4_000_000 };

/**
 * Queues a delivery for each webhook that wants an event, in one statement for many events; the rows are the queue.
 * @param wake called after the commit, so that the sender beside it need not wait for its next look.
 */
export const webhooksFollower = (wake: () => void): Follower => ({
  name: 'webhooks',
  streams: 'project:',
  types: webhookTypes,

  async act(em, events) {
    const { stream } = events[0] as LogEvent;
    const projectId = stream.slice('project:'.length);
    const listening = await findListening(em, projectId);
    if (listening.length === 0) return events.length;
    const rows: NewDelivery[] = [];
    let done = 0;
    let characters = 0;
    for (const event of events) {
      const hearers = listening.filter(
        ({ since, events: wanted }) => event.createdAt.getTime() >= since && wants(wanted, event.type),
      );
      const body = hearers.length > 0 ? composeMessage(projectId, event) : '';
      for (const { id: webhookId } of hearers)
        rows.push({
          id: uuidv7(),
          webhookId,
          eventStream: stream,
          eventSeq: event.seq,
          eventType: event.type,
          body,
        });
      done += 1;
      characters += body.length * hearers.length;
      if (rows.length >= enough.rows || characters >= enough.characters) break;
    }
    if (rows.length === 0) return done;
    await insertDeliveries(em, rows);
    afterCommit(em, wake);
    return done;
  },
});
