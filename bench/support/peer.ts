/** A server under test in a process of its own, whose CPU time can be asked for. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface Peer extends AsyncDisposable {
  name: string;
  port: number;
  /** CPU microseconds (user + system) that the process has used so far. */
  cpu(): Promise<number>;
}

type Message = { port: number } | { cpu: number };

async function ask(child: ChildProcess): Promise<number> {
  const answered = once(child, 'message');
  child.send('cpu');
  const [message] = (await answered) as [Message];
  return 'cpu' in message ? message.cpu : Number.NaN;
}

/** Starts `bench/peers/<name>.ts` with `configuration` as its one argument, and waits until it listens. */
export async function startPeer(name: string, configuration: object): Promise<Peer> {
  const child = fork(new URL(`../peers/${name}.ts`, import.meta.url), [JSON.stringify(configuration)]);
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`The peer ${name} ended before it listened.`);
    }),
  ])) as [Message];
  const ended = once(child, 'exit');
  return {
    name,
    port: 'port' in message ? message.port : 0,
    cpu: () => ask(child),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** For the peer's side: says where it listens and answers questions about CPU. */
export function reportPeer(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system });
  });
  process.on('SIGTERM', () => process.exit(0));
  process.send?.({ port });
}
