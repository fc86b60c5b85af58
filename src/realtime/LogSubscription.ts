import { fail } from '../errors.ts';
import type { LogWatchSpec, LogWatchValue, Sink } from '../events/watch.ts';
import { type HubParts, Subscription } from './Subscription.ts';
import { type Entry, type Tail, pageSize } from './Tail.ts';
import { readSnapshot } from './readSnapshot.ts';

/** Events of its stream after which an idle filtered subscription is told how far it has come. */
const checkpointEvery = 1000;
/** Events read at once for a reader who takes few at a time, at least. */
const leastPage = 32;

/** Reads `epoch.seq`. @throws CURSOR_INVALID */
function parseCursor(text: string): { epoch: number; seq: number } {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(text);
  return match ? { epoch: Number(match[1]), seq: Number(match[2]) } : fail('CURSOR_INVALID');
}

/** A filtered view of one stream from a cursor on: a snapshot or a replay first, then what comes. */
export class LogSubscription extends Subscription {
  readonly #wants: LogWatchSpec<object>['wants'];
  readonly #snapshot: LogWatchSpec<object>['snapshot'];
  readonly tail: Tail;
  readonly #onClose: (subscription: LogSubscription) => void;
  /** The stream's epoch in which it stands; -1 until the first snapshot. */
  #epoch = -1;
  /** Seq of the last event that was looked at. */
  #seq = 0;
  /** Seq in the last frame sent. */
  #told = 0;
  /** The tail's count of breaks for which the cursor is known to be good; -1: not checked against the log yet. */
  #checked = -1;
  /** Events to read at once: not many more than the reader last took, or most are read again and again. */
  #pageSize = pageSize;

  /** @throws CURSOR_INVALID for a lastEventId that no subscription gave out. */
  constructor(
    parts: HubParts,
    tail: Tail,
    spec: LogWatchSpec<object>,
    sink: Sink,
    onClose: (subscription: LogSubscription) => void,
  ) {
    super(parts, sink, spec.reauthorizer);
    this.#wants = spec.wants;
    this.#snapshot = spec.snapshot;
    this.tail = tail;
    this.#onClose = onClose;
    if (typeof spec.lastEventId === 'string') {
      const { epoch, seq } = parseCursor(spec.lastEventId);
      this.#standAt(epoch, seq);
    }
  }

  protected override leave(): void {
    this.#onClose(this);
  }

  #standAt(epoch: number, seq: number): void {
    this.#epoch = epoch;
    this.#seq = seq;
    this.#told = seq;
  }

  protected override advanceNow(): boolean {
    const { position, breaks } = this.tail;
    if (position?.epoch !== this.#epoch) return false;
    if (this.#checked !== breaks) {
      // A cursor that no break and no retention came between is as good as checked.
      if (this.#checked !== -1 || this.#seq > position.seq || !this.tail.after(this.#seq)) return false;
      this.#checked = breaks;
    }
    if (this.#seq >= position.seq) return true;
    const entries = this.tail.after(this.#seq);
    return entries !== undefined && this.#deliver(entries);
  }

  protected override async advance(): Promise<void> {
    // In turn with all others of the same reader, who would else have a page or snapshot waiting for each.
    const step = () => this.#step();
    return this.sink.inTurn ? this.sink.inTurn(step) : step();
  }

  async #step(): Promise<void> {
    if (this.isClosed) return;
    if (this.#epoch === -1) return this.#sendSnapshot();
    const { breaks } = this.tail;
    const seq = this.#seq;
    const page = await this.tail.page(seq, this.#pageSize);
    if (page.epoch !== this.#epoch || seq > page.head) return this.#sendSnapshot('epoch');
    const { entries } = page;
    const isWhole = entries[0]?.event.seq === seq + 1 && entries.at(-1)?.event.seq === seq + entries.length;
    if (page.head > seq && !isWhole) return this.#sendSnapshot('retention');
    this.#checked = breaks;
    await this.becomeReady();
    const isTaken = this.#deliver(entries);
    this.#pageSize = isTaken ? pageSize : Math.min(pageSize, Math.max(leastPage, 2 * (this.#seq - seq)));
  }

  /** @returns false when the reader could not take all of it. */
  #deliver(entries: readonly Entry[]): boolean {
    for (const { event, id, wire, permission, trace } of entries) {
      if (this.isClosed || this.sink.isFull()) return false;
      this.#seq = event.seq;
      if (!this.#wants(event) || !this.can(permission)) continue;
      this.#told = event.seq;
      this.parts.counts.delivered += 1;
      this.sink.next(id, wire);
      if (trace) this.parts.tracer.sent(trace);
    }
    if (this.#seq - this.#told >= checkpointEvery) {
      this.#told = this.#seq;
      const checkpoint: LogWatchValue<object> = { type: 'checkpoint', seq: this.#seq };
      this.sink.next(`${this.#epoch}.${this.#seq}`, checkpoint);
    }
    return true;
  }

  /** @param reason why the events since the cursor cannot be replayed; undefined for a first snapshot. */
  async #sendSnapshot(reason?: 'epoch' | 'retention'): Promise<void> {
    const { breaks } = this.tail;
    const { position, snapshot } = await this.parts.gate.run(() =>
      readSnapshot(this.parts.reads, this.tail.stream, this.#snapshot),
    );
    this.parts.observe(position);
    this.tail.meet(position.epoch, position.head);
    // Not before: the decision may be older than what the snapshot shows.
    await this.becomeReady();
    if (this.isClosed) return;
    this.#standAt(position.epoch, position.head);
    this.#checked = breaks;
    const value: LogWatchValue<object> = reason
      ? { type: 'resync', reason, seq: position.head, ...snapshot }
      : { type: 'snapshot', seq: position.head, ...snapshot };
    if (reason) this.parts.counts.resyncs += 1;
    this.sink.next(`${position.epoch}.${position.head}`, value);
  }
}
