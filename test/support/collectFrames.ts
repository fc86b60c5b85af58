import { patience } from './waitFor.ts';

/** What a live subscription has received, and a way to wait for what is to come. */
export interface Frames<T> {
  received: T[];
  /** Waits until something received is what is looked for, and gives the first. Fails after half a minute. */
  until(isIt: (frame: T) => boolean): Promise<T>;
  /** Id of the last tracked frame: give it as `lastEventId` to go on from there. */
  lastId(): string | undefined;
  stop(): void;
}

interface Handlers {
  onData(frame: unknown): void;
  onError(error: unknown): void;
}

/**
 * Collects what a subscription of the client receives, tracked or not, as frames of the type that the test
 * expects: `collectFrames<Frame>((on) => client.threads.watch.subscribe(input, on))`.
 */
export function collectFrames<T>(subscribe: (on: Handlers) => { unsubscribe(): void }): Frames<T> {
  const received: T[] = [];
  const waiting = new Set<() => void>();
  let lastId: string | undefined;
  let failure: unknown;
  const subscription = subscribe({
    onData(frame) {
      const isTracked = typeof frame === 'object' && frame !== null && 'data' in frame && 'id' in frame;
      if (isTracked) lastId = String(frame.id);
      received.push((isTracked ? frame.data : frame) as T);
      for (const check of waiting) check();
    },
    onError(error) {
      failure = error;
      for (const check of waiting) check();
    },
  });
  return {
    received,
    lastId: () => lastId,
    stop: () => subscription.unsubscribe(),
    until: (isIt) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(check);
          settle();
        };
        const timer = setTimeout(
          () =>
            end(() =>
              reject(new Error(`Not received; there were: ${JSON.stringify(received).slice(0, 2000)}`)),
            ),
          patience,
        );
        const check = () => {
          const found = received.find(isIt);
          if (found !== undefined) end(() => resolve(found));
          else if (failure !== undefined) end(() => reject(failure));
        };
        waiting.add(check);
        check();
      }),
  };
}
