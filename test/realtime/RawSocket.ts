import { type ClientOptions, WebSocket } from 'ws';
import { patience } from '../support/waitFor.ts';

/** A socket that says exactly what a test wants, and notes what comes back. */
export class RawSocket {
  readonly ws: WebSocket;
  readonly frames: string[] = [];
  closed: { code: number; reason: string } | undefined;
  #waiting = new Set<() => void>();

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data: Buffer) => {
      this.frames.push(data.toString());
      this.#changed();
    });
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#changed();
    });
    ws.on('error', () => {});
  }

  static async open(port: number, query = '', options: ClientOptions = {}): Promise<RawSocket> {
    const socket = new RawSocket(new WebSocket(`ws://127.0.0.1:${port}/trpc${query}`, options));
    await new Promise((resolve, reject) => socket.ws.once('open', resolve).once('error', reject));
    return socket;
  }

  /** Opens with a token as the stock client does. */
  static async signedIn(port: number, token: string, options: ClientOptions = {}): Promise<RawSocket> {
    const socket = await RawSocket.open(port, '?connectionParams=1', options);
    socket.send({ method: 'connectionParams', data: { token } });
    return socket;
  }

  send(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The frames as JSON, without PONG. */
  messages(): {
    id: number | string | null;
    method?: string;
    result?: { type: string; id?: string; data?: { json: unknown } };
    error?: { json: { message: string; data: { code: string; remedy: string } } };
  }[] {
    return this.frames.filter((frame) => frame !== 'PONG').map((frame) => JSON.parse(frame));
  }

  codes(): string[] {
    return this.messages().flatMap(({ error }) => (error ? [error.json.data.code] : []));
  }

  async until(condition: (socket: this) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `This did not come: ${condition}; closed ${JSON.stringify(this.closed)}, last ${this.frames.slice(-3).map((frame) => frame.slice(0, 300))}`,
            ),
          ),
        patience,
      );
      const check = () => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  #changed(): void {
    for (const check of this.#waiting) check();
  }
}
