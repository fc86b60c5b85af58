/** What demo data is drawn from: the same choices each time. */
import pLimit from 'p-limit';

export interface Choices {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  of<T>(list: readonly T[]): T;
}

/** Mulberry32: small, even enough, and the same on every machine. */
export function makeChoices(seed: number): Choices {
  let state = seed;
  const below = (end: number) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end);
  };
  return { below, of: (list) => list[below(list.length)] as never };
}

/** Makes `count` of something, a few at a time. The results are in order, whichever was made first. */
export function makeMany<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const limit = pLimit(6);
  return Promise.all(Array.from({ length: count }, (_, n) => limit(() => make(n))));
}
