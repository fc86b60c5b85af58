import { vi } from 'vitest';

/** How long, in ms, tests wait for what is to come. A loaded machine is slow, not wrong; where things work it costs nothing. */
export const patience = 30_000;

/** Tries again until the check throws no more, and gives what it gave; fails with what it threw last. */
export function waitFor<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: patience, interval: 20 });
}
