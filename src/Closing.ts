import type { Logger } from 'pino';

/** What has to be closed, in the order in which it was opened. */
export class Closing {
  readonly #steps: (() => Promise<void> | void)[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Runs the steps last to first; one that fails does not keep the others from running. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        this.#log.error({ err: error }, 'a part did not close cleanly');
      }
    }
  }
}
