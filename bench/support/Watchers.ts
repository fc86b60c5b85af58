import { WebSocket } from 'ws';

interface Message {
  id: number | null;
  result?: { type: string };
  error?: { json: { data: { code: string } } };
}

/** When a subscription ended, by `performance.now()`, and with which code. */
interface End {
  at: number;
  code: string;
}

/** One socket, as a browser has one, and its one subscription. */
class Watcher {
  readonly #ws: WebSocket;
  #id = 0;
  #onMessage: (message: Message) => void = () => {};
  #ended: Promise<End> | undefined;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message.id === this.#id) this.#onMessage(message);
    });
  }

  static async open(port: number, token: string): Promise<Watcher> {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/trpc?connectionParams=1`);
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
    ws.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
    return new Watcher(ws);
  }

  /** Resolves once a subscription runs and has its first value; one that still runs goes on. */
  async subscribe(path: string, input: object): Promise<void> {
    if (this.#ended) return;
    this.#id += 1;
    const began = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<End>();
    this.#ended = ended.promise;
    this.#onMessage = ({ result, error }) => {
      const at = performance.now();
      if (result?.type === 'data') began.resolve();
      if (!error) return;
      const { code } = error.json.data;
      this.#ended = undefined;
      began.reject(new Error(`The subscription was refused: ${code}.`));
      ended.resolve({ at, code });
    };
    const params = { path, input: { json: input } };
    this.#ws.send(JSON.stringify({ id: this.#id, method: 'subscription', params }));
    await began.promise;
  }

  /** The end of the subscription that runs. */
  async ended(): Promise<End> {
    if (!this.#ended) throw new Error('No subscription runs on this socket.');
    return this.#ended;
  }

  close(): void {
    this.#ws.terminate();
  }
}

/** Many sockets to one server, each with one subscription at a time. */
export class Watchers {
  readonly #watchers: Watcher[] = [];

  async open(port: number, tokens: readonly string[]): Promise<void> {
    // A hundred at a time: a listening socket's queue is short.
    for (let start = 0; start < tokens.length; start += 100) {
      const some = tokens.slice(start, start + 100).map((token) => Watcher.open(port, token));
      this.#watchers.push(...(await Promise.all(some)));
    }
  }

  /**
   * Subscribes on every socket, and carries out `revoke` once all have their first value.
   * @param expected how many subscriptions it ends; the first ones.
   * @returns milliseconds from the beginning of `revoke` to the end frame of each, and to its own end.
   */
  async timeRevocation(
    path: string,
    input: object,
    expected: number,
    revoke: () => Promise<unknown>,
  ): Promise<{ ends: number[]; answered: number }> {
    await Promise.all(this.#watchers.map((watcher) => watcher.subscribe(path, input)));
    const ended = this.#watchers.slice(0, expected).map((watcher) => watcher.ended());
    const began = performance.now();
    const [answered, ...ends] = await Promise.all([
      revoke().then(() => performance.now() - began),
      ...ended.map(async (end) => {
        const { at, code } = await end;
        if (code !== 'FORBIDDEN') throw new Error(`The subscription ended with ${code}.`);
        return at - began;
      }),
    ]);
    return { ends, answered };
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }
}
