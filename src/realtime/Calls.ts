import { Gate } from './Gate.ts';
import type { RequestId } from './protocol.ts';

/** The queries and mutations of one connection that wait or are under way. */
export class Calls {
  readonly #ids = new Set<RequestId>();
  readonly #gate: Gate;
  #bytes = 0;
  #onEnd: () => void = () => {};

  /** @param atOnce how many run at the same time. */
  constructor(atOnce: number) {
    this.#gate = new Gate(atOnce);
  }

  get size(): number {
    return this.#ids.size;
  }

  /** Bytes of the messages that they came in. */
  get bytes(): number {
    return this.#bytes;
  }

  has(id: RequestId): boolean {
    return this.#ids.has(id);
  }

  /** Runs one when its turn has come; `work` must not fail. */
  async run(id: RequestId, bytes: number, work: () => Promise<void>): Promise<void> {
    this.#ids.add(id);
    this.#bytes += bytes;
    await this.#gate.run(work);
    this.#ids.delete(id);
    this.#bytes -= bytes;
    this.#onEnd();
  }

  /** Resolves when the next one has ended. */
  async nextEnd(): Promise<void> {
    return new Promise((resolve) => (this.#onEnd = resolve));
  }
}
