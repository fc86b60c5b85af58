import { DemoError, toDemoError } from './DemoError.ts';

/** Something that came, and when by `performance.now()`. */
export interface Arrival<T> {
  value: T;
  at: number;
}

/** What a subscription brought so far, and waiting for what it shall bring. */
export class Arrivals<T> {
  readonly all: Arrival<T>[] = [];
  readonly #checks = new Set<() => void>();
  #end: Arrival<unknown> | undefined;

  add(value: T): void {
    this.all.push({ value, at: performance.now() });
    for (const check of this.#checks) check();
  }

  end(reason: unknown): void {
    this.#end ??= { value: reason, at: performance.now() };
    for (const check of this.#checks) check();
  }

  /**
   * The first arrival that matches, also among those that came before.
   * @param what the sentence's beginning, such as `The new thread`, should it fail
   * @throws DemoError when it did not come within `milliseconds`, or the subscription ended.
   */
  first(match: (value: T) => boolean, what: string, milliseconds = 5000): Promise<Arrival<T>> {
    return this.#until(
      () => {
        const found = this.all.find(({ value }) => match(value));
        if (found || !this.#end) return found;
        const { message, remedy } = toDemoError(this.#end.value);
        throw new DemoError(`${what} did not arrive, for the subscription ended: ${message}`, remedy);
      },
      `${what} did not arrive`,
      milliseconds,
    );
  }

  /** Why the subscription ended. @throws DemoError when it did not within `milliseconds`. */
  ended(what: string, milliseconds = 5000): Promise<Arrival<unknown>> {
    return this.#until(() => this.#end, `${what} did not end`, milliseconds);
  }

  #until<R>(find: () => R | undefined, failure: string, milliseconds: number): Promise<R> {
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    const check = () => {
      try {
        const found = find();
        if (found !== undefined) resolve(found);
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(
      () => reject(new DemoError(`${failure} within ${milliseconds / 1000} s.`)),
      milliseconds,
    );
    this.#checks.add(check);
    check();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#checks.delete(check);
    });
  }
}
