import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

/** Which connections: those that carry hints between processes, or all. */
export type Reach = 'bus' | 'all';

/** What becomes of the notifications of a bus, from 0 (never) to 1 (always). */
export interface Disorder {
  drop: number;
  repeat: number;
}

/** `application_name` out of a startup message (PostgreSQL's protocol 3.0: length, version, names and values). */
function readApplication(startup: Buffer): string {
  const words = startup.subarray(8).toString('latin1').split('\0');
  return words[words.indexOf('application_name') + 1] ?? '';
}

/** Cuts a stream of PostgreSQL's messages (a letter, and a length that counts itself) into whole ones. */
class Messages {
  #rest: Buffer = Buffer.alloc(0);

  *take(chunk: Buffer): Iterable<Buffer> {
    let data = Buffer.concat([this.#rest, chunk]);
    while (data.length >= 5 && data.length >= 1 + data.readInt32BE(1)) {
      const end = 1 + data.readInt32BE(1);
      yield data.subarray(0, end);
      data = data.subarray(end);
    }
    this.#rest = data;
  }
}

const notification = 'A'.charCodeAt(0);

/** The network between servers and PostgreSQL: it can be cut, and can lose and repeat what the bus tells. */
export class DatabaseWire {
  readonly #proxy: Server;
  readonly #random: () => number;
  /** From the servers, and whether a bus speaks over it. */
  readonly #sockets = new Map<Socket, boolean>();
  readonly #cut = new Set<Reach>();
  #disorder: Disorder = { drop: 0, repeat: 0 };
  /** Directory of the socket of the PostgreSQL that runs now. */
  directory = '';
  /** Notifications that were lost and repeated on purpose. */
  readonly counts = { dropped: 0, repeated: 0 };

  private constructor(random: () => number) {
    this.#random = random;
    this.#proxy = createServer((near) => this.#accept(near));
  }

  static async open(random: () => number): Promise<DatabaseWire> {
    const wire = new DatabaseWire(random);
    await new Promise<void>((resolve, reject) => {
      wire.#proxy.once('error', reject);
      wire.#proxy.listen(0, '127.0.0.1', resolve);
    });
    return wire;
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

  #accept(near: Socket): void {
    near.on('error', () => {});
    near.once('data', (startup: Buffer) => {
      const isBus = readApplication(startup) === 'tessera bus';
      if (this.#cut.has('all') || (isBus && this.#cut.has('bus'))) near.resetAndDestroy();
      else this.#join(near, startup, isBus);
    });
  }

  #join(near: Socket, startup: Buffer, isBus: boolean): void {
    const far = connect(`${this.directory}/.s.PGSQL.5432`);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
    this.#sockets.set(near, isBus);
    near.setNoDelay(true);
    near.on('close', () => this.#sockets.delete(near));
    far.write(startup);
    near.pipe(far);
    if (isBus) this.#relayBus(far, near);
    else far.pipe(near);
  }

  #relayBus(far: Socket, near: Socket): void {
    const messages = new Messages();
    far.on('data', (chunk: Buffer) => {
      for (const message of messages.take(chunk)) {
        const isHint = message[0] === notification;
        if (isHint && this.#random() < this.#disorder.drop) {
          this.counts.dropped += 1;
          continue;
        }
        near.write(message);
        if (!isHint || this.#random() >= this.#disorder.repeat) continue;
        this.counts.repeated += 1;
        near.write(message);
      }
    });
  }
}
