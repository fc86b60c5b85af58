import { readFailure } from 'tessera-client';
import { noteFailure } from '../../api.ts';

/** How things stand, kept up to date. */
export interface Live<S> {
  /** Undefined until the first snapshot has come. */
  state: S | undefined;
  /** Why it has ended: the right to watch is gone, say. */
  error: unknown;
}

interface Handlers<E> {
  onData: (event: E) => void;
  onError: (error: unknown) => void;
}

/** Opens a subscription that tells `E`. */
export type Open<E> = (handlers: Handlers<E>) => { unsubscribe(): void };

/** Sources that the server has refused, to be tried again when rights have changed. */
const refused = new Set<{ restart(): void }>();

/** Has all sources begin anew that were refused: the reader may do more than before. */
export function restartRefused(): void {
  for (const source of refused) source.restart();
}

/** Milliseconds for which a subscription outlives its last user: the next page may want it too. */
const lingerMs = 1_000;

/** One subscription for however many components want it, and what its events add up to. */
export class LiveSource<S, E> {
  readonly #open: Open<E>;
  readonly #apply: (state: S | undefined, event: E) => S;
  readonly #listeners = new Set<() => void>();
  readonly #followers = new Set<(event: E) => void>();
  #live: Live<S> = { state: undefined, error: undefined };
  #subscription: { unsubscribe(): void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(open: Open<E>, apply: (state: S | undefined, event: E) => S) {
    this.#open = open;
    this.#apply = apply;
  }

  get = (): Live<S> => this.#live;

  subscribe = (listener: () => void): (() => void) => this.#use(this.#listeners, listener);

  /** Told each event, after the state has taken it in. */
  follow = (follower: (event: E) => void): (() => void) => this.#use(this.#followers, follower);

  /** Begins anew after a refusal. */
  restart(): void {
    this.#stop();
    this.#start();
    this.#tell();
  }

  #use<T>(set: Set<T>, member: T): () => void {
    set.add(member);
    clearTimeout(this.#timer);
    if (!this.#subscription) this.#start();
    return () => {
      set.delete(member);
      if (this.#listeners.size + this.#followers.size === 0)
        this.#timer = setTimeout(() => this.#stop(), lingerMs);
    };
  }

  #start(): void {
    this.#live = { state: this.#live.state, error: undefined };
    this.#subscription = this.#open({
      onData: (event) => {
        this.#set({ state: this.#apply(this.#live.state, event), error: undefined });
        for (const follower of this.#followers) follower(event);
      },
      onError: (error) => {
        noteFailure(error);
        // Who may not watch may not look either.
        const isRefused = readFailure(error) !== undefined;
        if (isRefused) refused.add(this);
        this.#set({ state: isRefused ? undefined : this.#live.state, error });
      },
    });
  }

  #stop(): void {
    refused.delete(this);
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    // Whoever comes next begins with a snapshot: what was known by then is old.
    this.#live = { state: undefined, error: undefined };
  }

  #set(live: Live<S>): void {
    this.#live = live;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
