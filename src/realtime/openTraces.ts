import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Bus } from '../bus/Bus.ts';
import type { Stream } from '../events/emit.ts';
import type { NodeTrace, Traces } from '../events/trace.ts';
import { lagView } from '../views/nodes.ts';

/** Milliseconds for the other nodes to answer. How many there are, nobody knows. */
const patienceMs = 500;
/** Questions and answers travel as latest values that nobody watches. */
const askLane = 'trace-ask';
const tellLane = 'trace-tell';

const question = z.object({ seq: z.int().min(1) });
const moment = z.date().nullable();
const answer = z.object({
  node: z.string().max(300),
  subscriptions: z.number(),
  readTo: z.number().nullable(),
  hintedAt: moment,
  readAt: moment,
  sent: z.number(),
  firstSentAt: moment,
  lastSentAt: moment,
  lagMs: lagView.nullable(),
}) satisfies z.ZodType<NodeTrace>;

/** What this node knows of an event by itself. */
export type Recollection = (stream: Stream, seq: number) => Omit<NodeTrace, 'node'>;

/** Answers what other nodes ask of events, and asks them. */
export function openTraces(bus: Bus, recollect: Recollection): Traces & { close(): void } {
  const id = randomUUID();
  const node = `${hostname()}/${process.pid}/${id.slice(0, 8)}`;
  const tell = (stream: Stream, seq: number): NodeTrace => ({ node, ...recollect(stream, seq) });
  const close = bus.onLane(
    ({ stream, key, value }) => {
      const asked = question.safeParse(value);
      // One's own question comes here too.
      if (asked.success && !key.startsWith(id))
        bus.publishLane(stream, tellLane, `${key} ${id}`, tell(stream, asked.data.seq));
    },
    { lane: askLane },
  );
  return {
    close,
    async ask(stream, seq) {
      const answers = new Map<string, NodeTrace>();
      const key = `${id} ${randomUUID()}`;
      const end = bus.onLane(
        ({ key: about, value }) => {
          const read = answer.safeParse(value);
          if (about.startsWith(key) && read.success) answers.set(read.data.node, read.data);
        },
        { streams: stream, lane: tellLane },
      );
      bus.publishLane(stream, askLane, key, { seq });
      await sleep(patienceMs);
      end();
      return [tell(stream, seq), ...[...answers.values()].toSorted((a, b) => a.node.localeCompare(b.node))];
    },
  };
}
