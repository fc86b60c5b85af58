/** Thousands of clients in a process of its own that all come back at once, with a cursor each. */
import { connect, type Socket } from 'node:net';
import { tokenOf } from '../support/fillMemberships.ts';
import { reportPeer } from '../support/peer.ts';

/** What the process is to do. */
export interface StormOrder {
  port: number;
  projectId: string;
  /** Numbers of the people who come back: from, and how many. */
  from: number;
  count: number;
  /** The seq of each one's cursor, and of the stream's head. */
  cursor: number;
  head: number;
}

/** What came of it. */
export interface StormOutcome {
  /** Milliseconds from the beginning until each client had its last event. */
  times: number[];
  /** Upgrades that the server put off with 503. */
  putOff: number;
  /** Connections that broke before the client had everything, and were made anew. */
  broken: number;
  /** Events that came twice or out of order, or frames that say something else. */
  wrong: string[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as StormOrder;
const { port, projectId, head } = order;
const outcome: StormOutcome = { times: [], putOff: 0, broken: 0, wrong: [] };
let began = 0;

/** A masked text frame, as clients must send them (RFC 6455 section 5.3); a mask of zeros changes nothing. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head126 = [0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head126), payload]);
}

/** One client: it resumes from its cursor as often as it has to. */
class Returner {
  readonly #number: number;
  #cursor = order.cursor;
  #isUpgraded = false;
  #rest: Buffer = Buffer.alloc(0);
  #socket: Socket | undefined;
  #isDone = false;
  readonly #onDone: () => void;

  constructor(number: number, onDone: () => void) {
    this.#number = number;
    this.#onDone = onDone;
  }

  connect(): void {
    this.#isUpgraded = false;
    this.#rest = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    socket.once('connect', () =>
      socket.write(
        `GET /trpc?connectionParams=1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      ),
    );
    socket.on('data', (data: Buffer) => this.#read(data));
    socket.on('error', () => {});
    socket.once('close', () => {
      if (this.#isDone || this.#socket !== socket) return;
      outcome.broken += 1;
      this.#again(1000);
    });
  }

  #again(ms: number): void {
    this.#socket = undefined;
    setTimeout(() => this.connect(), ms * (0.5 + Math.random()));
  }

  #read(chunk: Buffer): void {
    let data: Buffer = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    if (!this.#isUpgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = data;
        return;
      }
      const answer = data.toString('latin1', 0, end);
      if (!answer.startsWith('HTTP/1.1 101')) return this.#takeRefusal(answer);
      this.#isUpgraded = true;
      data = data.subarray(end + 4);
      this.#greet();
    }
    let at = 0;
    for (let next = this.#take(data, at); next !== undefined; next = this.#take(data, at)) at = next;
    this.#rest = data.subarray(at);
  }

  #takeRefusal(answer: string): void {
    const seconds = /retry-after: (\d+)/i.exec(answer)?.[1];
    if (!answer.startsWith('HTTP/1.1 503') || seconds === undefined) {
      outcome.wrong.push(answer.slice(0, 100));
      return;
    }
    outcome.putOff += 1;
    this.#socket?.destroy();
    this.#again(Number(seconds) * 1000);
  }

  #greet(): void {
    const lastEventId = `1.${this.#cursor}`;
    const params = { path: 'projects.watch', input: { json: { projectId } }, lastEventId };
    this.#socket?.write(
      Buffer.concat([
        frame(JSON.stringify({ method: 'connectionParams', data: { token: tokenOf(this.#number) } })),
        frame(JSON.stringify({ id: 1, method: 'subscription', params })),
      ]),
    );
  }

  /** @returns where the next frame begins; undefined: more has to come first. */
  #take(data: Buffer, at: number): number | undefined {
    if (data.length < at + 2) return undefined;
    const short = (data[at + 1] ?? 0) & 127;
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (data.length < start) return undefined;
    const length =
      short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
    const end = start + length;
    if (data.length < end) return undefined;
    if (data[at] === 0x81) this.#takeText(data, start, end);
    // A ping is answered with an empty pong.
    else if (data[at] === 0x89) this.#socket?.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    return end;
  }

  #takeText(data: Buffer, start: number, end: number): void {
    // The cursor ends the frame: …,"id":"1.7"}}
    const seq = /"id":"1\.(\d+)"\}\}$/.exec(data.toString('latin1', Math.max(start, end - 40), end))?.[1];
    if (seq === undefined) {
      const text = data.toString('utf8', start, end);
      if (!text.includes('"started"')) outcome.wrong.push(text.slice(0, 200));
      return;
    }
    if (Number(seq) !== this.#cursor + 1) outcome.wrong.push(`${seq} after ${this.#cursor}`);
    this.#cursor = Number(seq);
    if (this.#cursor < head || this.#isDone) return;
    this.#isDone = true;
    outcome.times.push(performance.now() - began);
    this.#onDone();
  }
}

reportPeer(0, () => {
  began = performance.now();
  let left = order.count;
  for (let number = order.from; number < order.from + order.count; number += 1) {
    new Returner(number, () => {
      left -= 1;
      if (left === 0) process.send?.({ outcome });
    }).connect();
  }
});
