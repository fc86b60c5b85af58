import type { IncomingMessage, Server } from 'node:http';
import { Duplex } from 'node:stream';
import { FrameLog } from './FrameLog.ts';

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** A frame as a client sends it, RFC 6455 section 5.2; masked with zeros, which changes nothing. */
function clientFrame(opcode: number, data: Buffer): Buffer {
  const length =
    data.length < 126
      ? Buffer.of(0x80 | data.length)
      : Buffer.of(0x80 | 126, data.length >> 8, data.length & 0xff);
  return Buffer.concat([Buffer.of(0x80 | opcode), length, Buffer.alloc(4), data]);
}

/** Cuts what a server sends into frames; it masks nothing, and sends each whole. */
function* serverFrames(data: Buffer): Generator<{ opcode: number; body: Buffer; end: number }> {
  for (let at = 0; data.length >= at + 2;) {
    const short = data[at + 1]!;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < at + header) return;
    const length =
      header === 2 ? short : header === 4 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
    const end = at + header + length;
    if (data.length < end) return;
    yield { opcode: data[at]! & 15, body: data.subarray(at + header, end), end };
    at = end;
  }
}

/** The server's end: it takes what is written only while the client reads. */
class ServerEnd extends Duplex {
  onTaken: (data: Buffer) => void = () => {};
  isTaking = true;
  #held: (() => void) | undefined;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const take = () => {
      this.onTaken(chunk);
      setImmediate(done);
    };
    if (this.isTaking) take();
    else this.#held = take;
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  resumeTaking(): void {
    this.isTaking = true;
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }
}

/**
 * A client without a network: what it does not read stays with the server to the last byte, where the kernel's
 * buffers would take megabytes first.
 */
export class BareSocket extends FrameLog {
  readonly #end = new ServerEnd();
  #unread: Buffer = Buffer.alloc(0);
  #isOpen = false;
  readonly pongs: Buffer[] = [];

  private constructor() {
    super();
    this.#end.onTaken = (data) => this.#take(data);
    this.#end.on('error', () => {});
    this.#end.on('close', () => {
      this.closed ??= { code: 1006, reason: '' };
      this.changed();
    });
  }

  /** Opens with a token, or without one. */
  static async open(server: Server, token?: string): Promise<BareSocket> {
    const socket = new BareSocket();
    const request = {
      method: 'GET',
      url: `/trpc${token === undefined ? '' : '?connectionParams=1'}`,
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
      },
      socket: { remoteAddress: '127.0.0.1' },
    } as unknown as IncomingMessage;
    server.emit('upgrade', request, socket.#end, Buffer.alloc(0));
    await socket.until(() => socket.#isOpen);
    if (token !== undefined) socket.send({ method: 'connectionParams', data: { token } });
    return socket;
  }

  /** Bytes that wait in the server's end of the socket, and of the client's that the server has not read. */
  get waiting(): { toClient: number; toServer: number } {
    return { toClient: this.#end.writableLength, toServer: this.#end.readableLength };
  }

  override send(message: unknown): void {
    this.#push(opcodes.text, typeof message === 'string' ? message : JSON.stringify(message));
  }

  ping(data = ''): void {
    this.#push(opcodes.ping, data);
  }

  pong(): void {
    this.#push(opcodes.pong, '');
  }

  /** Reads nothing more, until `resume`. */
  pause(): void {
    this.#end.isTaking = false;
  }

  resume(): void {
    this.#end.resumeTaking();
  }

  terminate(): void {
    this.#end.destroy();
  }

  #push(opcode: number, data: string): void {
    if (!this.#end.destroyed && !this.#end.readableEnded)
      this.#end.push(clientFrame(opcode, Buffer.from(data)));
  }

  #take(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
    if (!this.#isOpen) {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#isOpen = this.#unread.subarray(0, end).toString().startsWith('HTTP/1.1 101 ');
      this.#unread = this.#unread.subarray(end + 4);
    }
    let taken = 0;
    for (const { opcode, body, end } of serverFrames(this.#unread)) {
      taken = end;
      if (opcode === opcodes.text) this.frames.push(body.toString());
      else if (opcode === opcodes.pong) this.pongs.push(body);
      else if (opcode === opcodes.ping) this.#push(opcodes.pong, body.toString('latin1'));
      else if (opcode === opcodes.close) this.#close(body);
    }
    this.#unread = this.#unread.subarray(taken);
    this.changed();
  }

  #close(body: Buffer): void {
    this.closed = { code: body.readUInt16BE(0), reason: body.subarray(2).toString() };
    this.#push(opcodes.close, '');
  }
}
