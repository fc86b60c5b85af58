/** A server under test in a process of its own, which can be asked what it uses and told what to do. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Peer extends AsyncDisposable {
  name: string;
  pid: number;
  port: number;
  /** CPU microseconds (user + system) that the process has used so far. */
  cpu(): Promise<number>;
  /** Bytes of resident memory, after collecting garbage if the process was started with `--expose-gc`. */
  rss(): Promise<number>;
  /** Says something that is not answered. */
  tell(order: object): void;
  /** Says something, and returns what the peer answers. */
  ask(question: object): Promise<unknown>;
  /** What the peer says next by itself. */
  told<T>(milliseconds: number): Promise<T>;
}

type Question = 'cpu' | 'rss';
type Message = { port: number } | { answer: unknown };

async function ask(child: ChildProcess, question: Question | object): Promise<unknown> {
  const answered = once(child, 'message');
  child.send(question);
  const [message] = (await answered) as [Message];
  return 'answer' in message ? message.answer : undefined;
}

/**
 * Starts `bench/peers/<name>.ts` with `configuration` as its one argument, and waits until it listens.
 * @param execArgv options of Node.js.
 */
export async function startPeer(name: string, configuration: object, execArgv: string[] = []): Promise<Peer> {
  const file = new URL(`../peers/${name}.ts`, import.meta.url);
  const child = fork(file, [JSON.stringify(configuration)], { execArgv });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The peer ${name} ended before it listened.`);
    }),
  ])) as [Message];
  const ended = once(child, 'exit');
  return {
    name,
    pid: child.pid ?? 0,
    port: 'port' in message ? message.port : 0,
    cpu: async () => Number(await ask(child, 'cpu')),
    rss: async () => Number(await ask(child, 'rss')),
    tell: (order) => child.send(order),
    ask: (question) => ask(child, question),
    async told<T>(milliseconds: number) {
      const [said] = (await once(child, 'message', { signal: AbortSignal.timeout(milliseconds) })) as [T];
      return said;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * What is left when everything that can be given back was given back. An ordinary collection keeps tens of megabytes of free
 * pages for later, more or fewer as the last burst was; one that is the last before memory runs out keeps none.
 */
async function readRss(): Promise<number> {
  for (let times = 0; times < 3; times += 1) {
    globalThis.gc?.({ execution: 'sync', type: 'major', flavor: 'last-resort' });
    await sleep(100);
  }
  return process.memoryUsage.rss();
}

/**
 * For the peer's side: says where it listens, and answers questions about CPU and memory.
 * @param obey told of everything else that the peer is told; what it returns is the answer.
 */
export function reportPeer(port: number, obey?: (order: object) => unknown): void {
  process.on('message', (message: Question | object) => {
    if (message === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.({ answer: user + system });
    } else if (message === 'rss') void readRss().then((answer) => process.send?.({ answer }));
    else if (typeof message === 'object') {
      const answer = obey?.(message);
      if (answer !== undefined) process.send?.({ answer });
    }
  });
  process.on('SIGTERM', () => process.exit(0));
  process.send?.({ port });
}
