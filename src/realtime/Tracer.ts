import type { Stream } from '../events/emit.ts';
import type { Lag, NodeTrace } from '../events/trace.ts';
import type { LogEvent } from '../events/watch.ts';

/** Events remembered on a node, over all streams. */
const mostEvents = 5_000;
/** Hints remembered of a stream until what they announced is read. */
const mostHints = 64;
/** Turns told apart in which an event was sent; later ones count as one. */
const mostTurns = 32;

/** The way of one event through this node; moments in milliseconds. */
export interface EventTrace {
  committed: number;
  hinted: number | null;
  read: number;
  /** Watchers served in this turn, and whether the turn's end will see to them. */
  pending: number;
  turns: { at: number; count: number }[];
}

type Told = Pick<NodeTrace, 'hintedAt' | 'readAt' | 'sent' | 'firstSentAt' | 'lastSentAt' | 'lagMs'>;

const toDate = (milliseconds: number | null | undefined) =>
  milliseconds === null || milliseconds === undefined ? null : new Date(milliseconds);

function lagOf({ committed, turns }: EventTrace, sent: number): Lag | null {
  if (sent === 0) return null;
  const at = (share: number) => {
    let rest = Math.ceil(share * sent);
    for (const turn of turns) {
      rest -= turn.count;
      if (rest <= 0) return turn.at - committed;
    }
    return (turns.at(-1)?.at ?? committed) - committed;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/**
 * Remembers of the last events what became of them here. It costs a delivery one addition: the clock is read
 * once a turn, when all watchers' frames have been written.
 */
export class Tracer {
  readonly #onSent: (lagSeconds: number) => void;
  readonly #events = new Map<string, EventTrace>();
  readonly #hints = new Map<Stream, { seq: number; at: number }[]>();
  #turn: EventTrace[] = [];

  /** @param onSent told of each event once: the seconds from its commit to the end of the turn that sent it first. */
  constructor(onSent: (lagSeconds: number) => void = () => {}) {
    this.#onSent = onSent;
  }

  /** Somebody says that a stream which is watched here reaches to `seq`. */
  hinted(stream: Stream, seq: number): void {
    const known = this.#hints.get(stream);
    if (!known) this.#hints.set(stream, [{ seq, at: Date.now() }]);
    else if ((known.at(-1)?.seq ?? 0) < seq && known.length < mostHints) known.push({ seq, at: Date.now() });
  }

  /** Nobody watches the stream here any more. */
  forget(stream: Stream): void {
    this.#hints.delete(stream);
  }

  /** An event was read for those who keep up. */
  read({ stream, seq, createdAt }: LogEvent): EventTrace {
    const hints = this.#hints.get(stream) ?? [];
    while (hints[0] && hints[0].seq < seq) hints.shift();
    const trace: EventTrace = {
      committed: createdAt.getTime(),
      hinted: hints[0]?.at ?? null,
      read: Date.now(),
      pending: 0,
      turns: [],
    };
    this.#events.set(`${stream} ${seq}`, trace);
    if (this.#events.size > mostEvents)
      for (const oldest of this.#events.keys()) {
        this.#events.delete(oldest);
        break;
      }
    return trace;
  }

  /** It was given to a watcher. */
  sent(trace: EventTrace): void {
    trace.pending += 1;
    if (trace.pending > 1) return;
    if (this.#turn.length === 0) setImmediate(() => this.#endTurn());
    this.#turn.push(trace);
  }

  /** What is remembered of an event. */
  tell(stream: Stream, seq: number): Told {
    const trace = this.#events.get(`${stream} ${seq}`);
    const turns = trace?.turns ?? [];
    const sent = turns.reduce((sum, { count }) => sum + count, 0);
    return {
      hintedAt: toDate(trace?.hinted),
      readAt: toDate(trace?.read),
      sent,
      firstSentAt: toDate(turns[0]?.at),
      lastSentAt: toDate(turns.at(-1)?.at),
      lagMs: trace ? lagOf(trace, sent) : null,
    };
  }

  /** Of the events that are remembered: how long each took to those who got it first. Null while there are none. */
  recentLag(): Lag | null {
    const lags = [...this.#events.values()]
      // The two clocks may differ.
      .flatMap(({ committed, turns: [first] }) => (first ? [Math.max(0, first.at - committed)] : []))
      .toSorted((a, b) => a - b);
    const at = (share: number) => lags[Math.ceil(share * lags.length) - 1] ?? 0;
    return lags.length === 0 ? null : { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  }

  #endTurn(): void {
    const at = Date.now();
    for (const trace of this.#turn) {
      const { turns, pending, committed } = trace;
      trace.pending = 0;
      if (turns.length === 0) this.#onSent((at - committed) / 1000);
      const last = turns.at(-1);
      if (turns.length < mostTurns || !last) turns.push({ at, count: pending });
      else {
        last.at = at;
        last.count += pending;
      }
    }
    this.#turn = [];
  }
}
