import { connect, type Socket } from 'node:net';
import type { Dialect } from './Dialect.ts';

/** Payloads shorter than this are the protocol's own; an event is longer. */
const shortestEvent = 300;
const opcodes = { text: 1, ping: 9 } as const;
/** Enough for the first bytes of a frame and its payload, for who wants to know what it says. */
const readBytes = 65_536;
/** One for all: what was read is looked at before anything else is read. */
const shared = Buffer.allocUnsafe(readBytes);

/** A masked frame, as clients must send them (RFC 6455 section 5.3); a mask of zeros changes nothing. */
function maskFrame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const header =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length, 0, 0, 0, 0])
      : Buffer.from([0x80 | opcode, 0x80 | 126, length >> 8, length & 255, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}

/**
 * A WebSocket client cheap enough not to be what is measured: frames are counted, not parsed. Only until
 * the first event has come is the text looked at.
 */
export class RawWatcher {
  readonly #socket: Socket;
  readonly #dialect: Dialect;
  readonly #number: number;
  readonly #onEvent: (text: string | undefined) => void;
  readonly #ready = Promise.withResolvers<void>();
  #isUpgraded = false;
  #isReady = false;
  #hasEvent = false;
  /** Bytes of a frame's head, or of anything while texts are looked at, that are not complete yet. */
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the payload that are still to come, and need not be looked at. */
  #skip = 0;

  /** @param onEvent called for each event; with its text for the first one only. */
  constructor(port: number, dialect: Dialect, number: number, onEvent: (text: string | undefined) => void) {
    this.#dialect = dialect;
    this.#number = number;
    this.#onEvent = onEvent;
    const onread = {
      buffer: shared,
      callback: (length: number) => {
        this.#read(shared.subarray(0, length));
        return true;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    const fail = () =>
      this.#ready.reject(new Error(`A watcher's socket closed before it was ready: ${this.#rest}`));
    this.#socket.once('error', fail).once('close', fail);
    this.#socket.once('connect', () => {
      this.#socket.write(
        `GET ${dialect.path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
  }

  /** Resolves when everything that is published from now on will come. */
  async ready(): Promise<void> {
    return this.#ready.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#skip >= chunk.length) {
      this.#skip -= chunk.length;
      return;
    }
    let data = this.#skip > 0 ? chunk.subarray(this.#skip) : chunk;
    this.#skip = 0;
    if (this.#rest.length > 0) {
      data = Buffer.concat([this.#rest, data]);
      this.#rest = Buffer.alloc(0);
    }
    const end = this.#isUpgraded ? 0 : this.#takeUpgrade(data);
    let at = end;
    while (at >= 0 && at < data.length) {
      const next = this.#takeFrame(data, at);
      if (next === undefined) break;
      at = next;
    }
    // A copy: the buffer is everybody's.
    if (at < 0) this.#rest = Buffer.from(data);
    else if (at < data.length) this.#rest = Buffer.from(data.subarray(at));
  }

  /** @returns where the frames begin; -1: not all of the answer is there. */
  #takeUpgrade(data: Buffer): number {
    const end = data.indexOf('\r\n\r\n');
    if (end < 0) return -1;
    if (!data.toString('latin1', 0, 12).endsWith(' 101')) {
      this.#ready.reject(new Error(`The upgrade was refused: ${data.toString('latin1')}`));
    }
    this.#isUpgraded = true;
    for (const text of this.#dialect.greet(this.#number)) this.#socket.write(maskFrame(opcodes.text, text));
    return end + 4;
  }

  /** @returns where the next frame begins; undefined: more has to come first. */
  #takeFrame(data: Buffer, at: number): number | undefined {
    if (data.length < at + 2) return undefined;
    const opcode = data[at]! & 15;
    const short = data[at + 1]!;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < at + head) return undefined;
    const length =
      short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
    const end = at + head + length;
    if (opcode === opcodes.ping) this.#socket.write(maskFrame(10, ''));
    else if (this.#hasEvent && length >= shortestEvent) {
      this.#onEvent(undefined);
      this.#skip = Math.max(0, end - data.length);
      return Math.min(end, data.length);
    } else {
      if (data.length < end) return undefined;
      this.#takeText(data.toString('utf8', at + head, end));
    }
    return end;
  }

  #takeText(text: string): void {
    // The heartbeat of engine.io.
    if (text === '2') this.#socket.write(maskFrame(opcodes.text, '3'));
    else if (!this.#isReady) {
      if (text.includes('"error"')) this.#ready.reject(new Error(`A watcher was refused: ${text}`));
      if (!this.#dialect.isReady(text)) return;
      this.#isReady = true;
      this.#ready.resolve();
    } else if (text.length >= shortestEvent) {
      this.#hasEvent = true;
      this.#onEvent(text);
    }
  }
}
