import type { RequestId } from './protocol.ts';

/** FIN and the opcode, RFC 6455 section 5.2. */
const finalText = 0x81;
const finalPong = 0x8a;

/**
 * A WebSocket text frame as a server sends it: unmasked, in one piece, ready for the TCP socket.
 * @see RFC 6455 section 5.2
 */
export function frameText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = finalText;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}

/**
 * The answer to a ping: the same data, which is never longer than 125 bytes.
 * @see RFC 6455 section 5.5.3
 */
export const framePong = (data: Buffer): Buffer => Buffer.concat([Buffer.of(finalPong, data.length), data]);

/** The frames of the protocol, each built once for all sockets that get the same bytes. */
export class Frames {
  static readonly pong: Buffer = frameText('PONG');
  static readonly reconnect: Buffer = frameText('{"id":null,"method":"reconnect"}');
  readonly #stringify: (value: unknown) => string | undefined;
  /** What follows the request id in a frame that carries the value; lives as long as the value. */
  readonly #bodies = new WeakMap<object, string>();
  /** Frames of this turn, by value and request id: watchers are served in one turn, and few ids are in use. */
  readonly #turn = new Map<object, Map<RequestId, Buffer>>();

  /** @param stringify the transformer's output as JSON text; undefined where JSON has nothing for it. */
  constructor(stringify: (value: unknown) => string | undefined) {
    this.#stringify = stringify;
  }

  started(id: RequestId): Buffer {
    return frameText(`{"id":${JSON.stringify(id)},"result":{"type":"started"}}`);
  }

  stopped(id: RequestId): Buffer {
    return frameText(`{"id":${JSON.stringify(id)},"result":{"type":"stopped"}}`);
  }

  /** The answer of a call, or a value of a subscription; `cursor` where it is tracked. */
  data(id: RequestId, value: unknown, cursor: string | null = null): Buffer {
    return frameText(`{"id":${JSON.stringify(id)}${this.#write(value, cursor)}`);
  }

  /** The same for a value that others get too, with the same cursor. */
  shared(id: RequestId, value: object, cursor: string | null): Buffer {
    let frames = this.#turn.get(value);
    if (!frames) {
      if (this.#turn.size === 0) setImmediate(() => this.#turn.clear());
      frames = new Map();
      this.#turn.set(value, frames);
    }
    let frame = frames.get(id);
    if (!frame) {
      let body = this.#bodies.get(value);
      if (body === undefined) {
        body = this.#write(value, cursor);
        this.#bodies.set(value, body);
      }
      frame = frameText(`{"id":${JSON.stringify(id)}${body}`);
      frames.set(id, frame);
    }
    return frame;
  }

  /**
   * An error, as the router shaped it. Must not fail, for it is what every failure ends in.
   * @param id null: about the connection, not about a call.
   */
  error(id: RequestId | null, shape: unknown): Buffer {
    let text: string | undefined;
    try {
      text = this.#stringify(shape);
    } catch {
      text = this.#stringify({
        message: 'Internal server error',
        code: -32603,
        data: { code: 'INTERNAL', httpStatus: 500 },
      });
    }
    return frameText(`{"id":${JSON.stringify(id)},"error":${text}}`);
  }

  #write(value: unknown, cursor: string | null): string {
    const text = this.#stringify(cursor === null ? value : { id: cursor, data: value });
    const data = text === undefined ? '' : `,"data":${text}`;
    return `,"result":{"type":"data"${data}${cursor === null ? '' : `,"id":${JSON.stringify(cursor)}`}}}`;
  }
}
