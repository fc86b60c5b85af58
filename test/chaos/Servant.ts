import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../support/childEnvironment.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const clock = new URL('steppedClock.ts', import.meta.url).href;
const betweenStartsMs = 300;
/** A start takes seconds, and on a machine that has much else to do, minutes. */
const startMs = 180_000;

/** A process of Tessera that is started again whenever it ends, as a supervisor would, until it is dismissed. */
export class Servant {
  readonly name: string;
  readonly url: string;
  readonly #services: string;
  readonly #environment: Record<string, string>;
  #child: ChildProcess | undefined;
  #isDismissed = false;
  #running: Promise<void> | undefined;
  #ready = Promise.withResolvers<void>();
  #isReady = false;
  /** What it said last on its standard error. */
  lastWords = '';
  starts = 0;

  constructor(name: string, services: string, port: number, environment: Record<string, string>) {
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    this.#services = services;
    this.#environment = { ...environment, PORT: String(port) };
  }

  /** Starts it; resolves when it listens. */
  async start(): Promise<void> {
    this.#running ??= this.#serve();
    await this.whenReady();
  }

  /** @throws when it does not come up in time. */
  async whenReady(): Promise<void> {
    const late = sleep(startMs, 'late' as const, { ref: false });
    if ((await Promise.race([this.#ready.promise, late])) === 'late')
      throw new Error(`${this.name} did not start: ${this.lastWords}`);
  }

  signal(signal: NodeJS.Signals): void {
    // Not only when its end is heard of, or who waits for it to be back would take it for being there.
    if (signal === 'SIGKILL' || signal === 'SIGTERM') this.#forgetReady();
    this.#child?.kill(signal);
  }

  /** Ends it for good, at once. */
  async dismiss(): Promise<void> {
    this.#isDismissed = true;
    this.#child?.kill('SIGKILL');
    await this.#running;
  }

  async #serve(): Promise<void> {
    while (!this.#isDismissed) {
      await this.#runOnce();
      if (!this.#isDismissed) await sleep(betweenStartsMs);
    }
  }

  async #runOnce(): Promise<void> {
    this.starts += 1;
    const child = spawn(process.execPath, ['--import', clock, program, `--services=${this.#services}`], {
      env: { ...childEnvironment, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const exited = once(child, 'exit');
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    child.stderr.on('data', (text: Buffer) => (this.lastWords = text.toString().slice(-500)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('Tessera listens on')) return;
      this.#isReady = true;
      this.#ready.resolve();
    });
    await exited;
    process.off('exit', endWithUs);
    this.#forgetReady();
  }

  #forgetReady(): void {
    if (this.#isReady) this.#ready = Promise.withResolvers<void>();
    this.#isReady = false;
  }
}
