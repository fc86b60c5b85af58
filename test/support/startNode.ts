/** Servers in processes of their own, as `npm start` starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { childEnvironment } from './childEnvironment.ts';

export interface Node {
  url: string;
  port: number;
  /** Ends it without a word, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop (SIGTERM). @returns its exit code, once it is gone. */
  stop(): Promise<number | null>;
}

/** Starts one with these settings and services; resolves once it listens. */
export async function startNode(settings: Record<string, string>, services: string): Promise<Node> {
  const child: ChildProcess = spawn(process.execPath, ['src/main.ts', `--services=${services}`], {
    env: {
      ...childEnvironment,
      PORT: '0',
      LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  child.stderr?.on('data', (text: Buffer) => lines.push(text.toString()));
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    return ((await ended) as [number | null])[0];
  };
  if (!child.stdout) throw new Error('It has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const url = /Tessera listens on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { url, port: Number(new URL(url).port), kill, stop };
  }
  throw new Error(`It did not start:\n${lines.join('\n')}`);
}
