interface Waiting<Q, A> extends PromiseWithResolvers<A> {
  question: Q;
}

/**
 * Answers many questions by few reads: what is asked in one turn, or while reads are under way, is read
 * together, and the same question once. Every read begins after its questions were asked.
 */
export class Batch<Q, A> {
  readonly #read: (questions: readonly Q[]) => Promise<readonly A[]>;
  readonly #size: number;
  readonly #atOnce: number;
  readonly #waiting = new Map<string, Waiting<Q, A>>();
  #reading = 0;
  #isScheduled = false;

  /**
   * @param read gives an answer for each question, in their order.
   * @param options.size questions of one read, at most.
   * @param options.atOnce reads under way, at most.
   */
  constructor(
    read: (questions: readonly Q[]) => Promise<readonly A[]>,
    options: { size: number; atOnce: number },
  ) {
    this.#read = read;
    this.#size = options.size;
    this.#atOnce = options.atOnce;
  }

  /** @param id what makes two questions the same. @throws what the read throws. */
  ask(id: string, question: Q): Promise<A> {
    const known = this.#waiting.get(id);
    if (known) return known.promise;
    const asked = { question, ...Promise.withResolvers<A>() };
    this.#waiting.set(id, asked);
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#begin();
      });
    }
    return asked.promise;
  }

  #begin(): void {
    while (this.#reading < this.#atOnce && this.#waiting.size > 0) {
      const taken: Waiting<Q, A>[] = [];
      for (const [id, asked] of this.#waiting) {
        if (taken.length === this.#size) break;
        this.#waiting.delete(id);
        taken.push(asked);
      }
      this.#reading += 1;
      void this.#run(taken).finally(() => {
        this.#reading -= 1;
        this.#begin();
      });
    }
  }

  async #run(taken: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.#read(taken.map(({ question }) => question));
      for (const [index, { resolve }] of taken.entries()) resolve(answers[index] as A);
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  }
}
