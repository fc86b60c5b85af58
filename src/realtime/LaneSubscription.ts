import type { LaneValue } from '../bus/Bus.ts';
import type { LaneWatchSpec, Sink } from '../events/watch.ts';
import { type HubParts, Subscription } from './Subscription.ts';
import { readSnapshot } from './readSnapshot.ts';

/** Latest values by key: as they stand first, then what comes. A reader who is slow gets only the newest. */
export class LaneSubscription extends Subscription {
  readonly spec: LaneWatchSpec<object>;
  /** Newest value by key, not delivered yet. */
  readonly #waiting = new Map<string, object>();
  #hasSnapshot: boolean;
  readonly #onClose: () => void;

  constructor(parts: HubParts, spec: LaneWatchSpec<object>, sink: Sink, onClose: () => void) {
    super(parts, sink, spec.reauthorizer);
    this.#onClose = onClose;
    this.spec = spec;
    this.#hasSnapshot = spec.snapshot === undefined;
  }

  protected override leave(): void {
    this.#onClose();
  }

  /** Takes a value from the bus. */
  receive({ key, value }: LaneValue): void {
    this.#waiting.set(key, value);
    this.wake();
  }

  protected override advanceNow(): boolean {
    if (!this.#hasSnapshot) return false;
    const decided = this.spec.decided?.();
    if (decided) this.#deliver(decided);
    for (const [key, value] of this.#waiting) {
      if (this.isClosed || this.sink.isFull()) return false;
      this.#waiting.delete(key);
      this.#deliver(value);
    }
    return true;
  }

  protected override async advance(): Promise<void> {
    const send = () => this.#sendSnapshot();
    if (!this.#hasSnapshot) await (this.sink.inTurn ? this.sink.inTurn(send) : send());
  }

  async #sendSnapshot(): Promise<void> {
    const { stream, snapshot: build } = this.spec;
    if (this.isClosed || !build) return;
    const { position, snapshot } = await this.parts.gate.run(() =>
      readSnapshot(this.parts.reads, stream, build),
    );
    this.parts.observe(position);
    await this.becomeReady();
    if (this.isClosed) return;
    this.#hasSnapshot = true;
    for (const value of snapshot) this.#deliver(value);
  }

  #deliver(value: object): void {
    if (!this.spec.wants(value)) return;
    this.parts.counts.delivered += 1;
    this.sink.next(null, value);
  }
}
