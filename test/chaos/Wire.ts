import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

/** Which connections: those that carry hints between processes, or all. */
export type Reach = 'bus' | 'all';

/** What becomes of the hints of a bus, from 0 (never) to 1 (always). */
export interface Disorder {
  drop: number;
  repeat: number;
}

/** Cuts what a server sends into whole messages, and knows those that tell something. */
export interface Cutter {
  take(chunk: Buffer): Iterable<Buffer>;
  isHint(message: Buffer): boolean;
}

/** The network between processes and a server of theirs: it can be cut, and can lose and repeat what a bus tells. */
export abstract class Wire {
  readonly #proxy: Server;
  readonly #random: () => number;
  /** From the processes, and whether a bus speaks over it. */
  readonly #sockets = new Map<Socket, boolean>();
  readonly #cut = new Set<Reach>();
  #disorder: Disorder = { drop: 0, repeat: 0 };
  /** Hints that were lost and repeated on purpose. */
  readonly counts = { dropped: 0, repeated: 0 };

  protected constructor(random: () => number) {
    this.#random = random;
    this.#proxy = createServer((near) => {
      near.on('error', () => {});
      this.accept(near);
    });
  }

  /** Somebody connects: ends in `join`, or in the end of `near`. */
  protected abstract accept(near: Socket): void;

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#proxy.once('error', reject);
      this.#proxy.listen(0, '127.0.0.1', resolve);
    });
    return this;
  }

  get port(): number {
    return (this.#proxy.address() as AddressInfo).port;
  }

  /** Breaks these connections at once, and each new one, until `mend`. */
  cut(reach: Reach): void {
    this.#cut.add(reach);
    for (const [socket, isBus] of this.#sockets) if (reach === 'all' || isBus) socket.resetAndDestroy();
  }

  mend(): void {
    this.#cut.clear();
  }

  disturb(disorder: Disorder): void {
    this.#disorder = disorder;
  }

  async close(): Promise<void> {
    this.cut('all');
    await new Promise((resolve) => this.#proxy.close(resolve));
  }

  /** @param bus cuts what comes from the server, where a bus speaks over this connection. */
  protected join(near: Socket, far: Socket, bus: Cutter | undefined): void {
    if (this.#cut.has('all') || (bus && this.#cut.has('bus'))) {
      near.resetAndDestroy();
      far.destroy();
      return;
    }
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
    this.#sockets.set(near, bus !== undefined);
    near.setNoDelay(true);
    near.on('close', () => this.#sockets.delete(near));
    near.pipe(far);
    if (bus) far.on('data', (chunk: Buffer) => this.#relay(bus, chunk, near));
    else far.pipe(near);
  }

  #relay(bus: Cutter, chunk: Buffer, near: Socket): void {
    for (const message of bus.take(chunk)) {
      const isHint = bus.isHint(message);
      if (isHint && this.#random() < this.#disorder.drop) {
        this.counts.dropped += 1;
        continue;
      }
      near.write(message);
      if (!isHint || this.#random() >= this.#disorder.repeat) continue;
      this.counts.repeated += 1;
      near.write(message);
    }
  }
}
