import { patience } from '../support/waitFor.ts';

export interface Message {
  id: number | string | null;
  method?: string;
  result?: { type: string; id?: string; data?: { json: unknown } };
  error?: { json: { message: string; data: { code: string; remedy: string } } };
}

/** What came over a socket, and a wait for what is to come. */
export abstract class FrameLog {
  readonly frames: string[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly #waiting = new Set<() => void>();

  abstract send(message: unknown): void;

  /** The frames as JSON, without PONG. */
  messages(): Message[] {
    return this.frames.filter((frame) => frame !== 'PONG').map((frame) => JSON.parse(frame));
  }

  codes(): string[] {
    return this.messages().flatMap(({ error }) => (error ? [error.json.data.code] : []));
  }

  /** Seqs of the tracked values of a subscription. */
  seqs(id = 1): number[] {
    return this.messages().flatMap((message) =>
      message.id === id && message.result?.id ? [Number(message.result.id.split('.')[1])] : [],
    );
  }

  /** Subscribes to a path of the test router. */
  subscribe(path: string, input: object, id = 1, lastEventId?: string): void {
    this.send({ id, method: 'subscription', params: { path, input: { json: input }, lastEventId } });
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

  protected changed(): void {
    for (const check of this.#waiting) check();
  }
}
