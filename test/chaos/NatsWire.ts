import { type Socket, connect } from 'node:net';
import { type Cutter, Wire } from './Wire.ts';

const lineEnd = '\r\n';

/**
 * NATS's messages: a line, which of `MSG subject sid [reply] bytes` is followed by so many bytes and a line end.
 * @see https://docs.nats.io/reference/reference-protocols/nats-protocol
 */
class Lines implements Cutter {
  #rest: Buffer = Buffer.alloc(0);

  isHint(message: Buffer): boolean {
    return message.subarray(0, 4).toString() === 'MSG ';
  }

  *take(chunk: Buffer): Iterable<Buffer> {
    let data = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#endOf(data); end !== undefined; end = this.#endOf(data)) {
      yield data.subarray(0, end);
      data = data.subarray(end);
    }
    this.#rest = data;
  }

  /** Where the first message ends; undefined while it is not whole. */
  #endOf(data: Buffer): number | undefined {
    const line = data.indexOf(lineEnd);
    if (line < 0) return undefined;
    let end = line + lineEnd.length;
    if (this.isHint(data))
      end += Number(data.subarray(0, line).toString().split(' ').at(-1)) + lineEnd.length;
    return end <= data.length ? end : undefined;
  }
}

/** The network between servers and NATS, over which nothing goes but the bus. */
export class NatsWire extends Wire {
  readonly #serverPort: number;

  private constructor(random: () => number, serverPort: number) {
    super(random);
    this.#serverPort = serverPort;
  }

  static async open(random: () => number, serverPort: number): Promise<NatsWire> {
    return new NatsWire(random, serverPort).listen();
  }

  protected override accept(near: Socket): void {
    this.join(near, connect(this.#serverPort, '127.0.0.1'), new Lines());
  }
}
