/** Two kinds of watchers of a project: the published client, and a raw socket that knows only the protocol. */
import { setTimeout as sleep } from 'node:timers/promises';
import superjson from 'superjson';
import { WebSocket } from 'ws';
import { createTesseraClient, readFailure } from '../../client/src/index.ts';
import { Diary, type Told } from './Diary.ts';

export interface Watcher {
  diary: Diary;
  /** Reads nothing more from the socket, until `resume`. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export interface Watched {
  url: string;
  token: string;
  projectId: string;
}

export function watchByClient(name: string, { url, token, projectId }: Watched): Watcher {
  const diary = new Diary(name);
  const client = createTesseraClient({ url, token, retryDelay: () => 200 + Math.random() * 200 });
  client.projects.watch.subscribe(
    { projectId },
    {
      onStarted: () => (diary.resumed += 1),
      onData: ({ id, data }) => diary.take(id, data as Told),
      onError: (error) => diary.faults.push(`ended with ${readFailure(error)?.code ?? String(error)}`),
    },
  );
  return { diary, pause: () => {}, resume: () => {}, close: () => client.close() };
}

interface Message {
  method?: string;
  result?: { type: string; id?: string; data?: unknown };
  error?: unknown;
}

/** Comes back by itself whenever its socket closes, with the cursor of the last event. */
class RawWatcher implements Watcher {
  readonly diary: Diary;
  readonly #of: Watched;
  #ws: WebSocket | undefined;
  #isClosed = false;
  #isPaused = false;
  readonly #running: Promise<void>;

  constructor(name: string, of: Watched) {
    this.diary = new Diary(name);
    this.#of = of;
    this.#running = this.#run();
  }

  pause(): void {
    this.#isPaused = true;
    this.#ws?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#ws?.resume();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ws?.terminate();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await this.#connect();
      await sleep(200);
    }
  }

  #connect(): Promise<void> {
    const { url, token, projectId } = this.#of;
    const ws = new WebSocket(`${url.replace('http', 'ws')}/trpc?connectionParams=1`);
    this.#ws = ws;
    let isStarted = false;
    ws.on('error', () => {});
    ws.on('open', () => {
      ws.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
      const { cursor: lastEventId } = this.diary;
      const params = { path: 'projects.watch', input: superjson.serialize({ projectId }), lastEventId };
      ws.send(JSON.stringify({ id: 1, method: 'subscription', params }));
      if (this.#isPaused) ws.pause();
    });
    ws.on('message', (data: Buffer) => {
      const { method, result, error } = JSON.parse(data.toString()) as Message;
      if (method === 'reconnect') ws.close();
      else if (error) this.diary.faults.push(`an error: ${JSON.stringify(error).slice(0, 200)}`);
      else if (result?.type === 'started') {
        isStarted = true;
        this.diary.resumed += 1;
      } else if (result?.type === 'data') {
        if (!isStarted) this.diary.faults.push('data before the subscription started');
        const { id, data: told } = superjson.deserialize<{ id: string; data: Told }>(result.data as never);
        this.diary.take(id, told);
      } else this.diary.faults.push(`ended by the server: ${JSON.stringify(result)}`);
    });
    return new Promise((resolve) => ws.once('close', () => resolve()));
  }
}

export const watchRaw = (name: string, of: Watched): Watcher => new RawWatcher(name, of);
