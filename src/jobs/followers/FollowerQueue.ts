import type { Stream } from '../../events/emit.ts';

/**
 * Which streams are to be served, each by one run at a time and a few at once. After a run a stream rests,
 * so that under load its next run finds many events, and costs one transaction for all of them.
 */
export class FollowerQueue {
  readonly #serve: (stream: Stream) => Promise<boolean>;
  readonly #width: number;
  readonly #restMs: number;
  readonly #waiting = new Set<Stream>();
  readonly #busy = new Set<Stream>();
  readonly #runs = new Set<Promise<void>>();
  readonly #rests = new Set<NodeJS.Timeout>();
  #isStopped = false;

  /** @param serve does one step in a stream, never fails, and says whether there is another to do. */
  constructor(
    serve: (stream: Stream) => Promise<boolean>,
    { width, restMs }: { width: number; restMs: number },
  ) {
    this.#serve = serve;
    this.#width = width;
    this.#restMs = restMs;
  }

  /** Something is new in a stream, or may be. */
  wake(stream: Stream): void {
    if (this.#isStopped) return;
    this.#waiting.add(stream);
    this.#fill();
  }

  /** Begins nothing more, and waits for what is on its way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#waiting.clear();
    for (const timer of this.#rests) clearTimeout(timer);
    await Promise.all(this.#runs);
  }

  #fill(): void {
    for (const stream of this.#waiting) {
      if (this.#isStopped || this.#runs.size >= this.#width) return;
      if (this.#busy.has(stream)) continue;
      this.#waiting.delete(stream);
      this.#busy.add(stream);
      const run = this.#run(stream).finally(() => {
        this.#runs.delete(run);
        this.#rest(stream);
        this.#fill();
      });
      this.#runs.add(run);
    }
  }

  async #run(stream: Stream): Promise<void> {
    while (!this.#isStopped && (await this.#serve(stream)));
  }

  #rest(stream: Stream): void {
    if (this.#isStopped) return;
    const timer = setTimeout(() => {
      this.#rests.delete(timer);
      this.#busy.delete(stream);
      this.#fill();
    }, this.#restMs);
    this.#rests.add(timer);
  }
}
