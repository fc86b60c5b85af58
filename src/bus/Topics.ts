/** Told which topics this process is interested in: of a topic's first listener, and of the end of its last. */
export interface InterestChanges {
  begin(topic: string): void;
  end(topic: string): void;
}

/** Listeners by what they want to hear. */
export class Topics<L> {
  readonly #byTopic = new Map<string, Set<{ listener: L }>>();
  readonly #changes: InterestChanges | undefined;

  constructor(changes?: InterestChanges) {
    this.#changes = changes;
  }

  /** @returns the function that takes the listener out again. */
  add(topic: string, listener: L): () => void {
    const entry = { listener };
    const entries = this.#byTopic.get(topic);
    if (entries) entries.add(entry);
    else {
      this.#byTopic.set(topic, new Set([entry]));
      this.#changes?.begin(topic);
    }
    return () => this.#remove(topic, entry);
  }

  *of(topics: readonly string[]): Iterable<L> {
    for (const topic of topics) for (const { listener } of this.#byTopic.get(topic) ?? []) yield listener;
  }

  #remove(topic: string, entry: { listener: L }): void {
    const entries = this.#byTopic.get(topic);
    if (!entries?.delete(entry) || entries.size > 0) return;
    this.#byTopic.delete(topic);
    this.#changes?.end(topic);
  }
}
