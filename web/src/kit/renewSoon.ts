import { queryClient } from '../api.ts';

/** Milliseconds in which events are gathered. */
const calmMs = 200;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** Reads queries again after events, once for a burst of them. */
export function renewSoon(queryKey: readonly unknown[]): void {
  const name = JSON.stringify(queryKey);
  if (timers.has(name)) return;
  timers.set(
    name,
    setTimeout(() => {
      timers.delete(name);
      void queryClient.invalidateQueries({ queryKey });
    }, calmMs),
  );
}
