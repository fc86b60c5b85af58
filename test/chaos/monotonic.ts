/** Seconds since the run began, by a clock that nobody sets. */
export const monotonic = (): number => performance.now() / 1000;
