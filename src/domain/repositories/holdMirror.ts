import { join } from 'node:path';

/** Who comes last to each folder; the next one waits for it. */
const tails = new Map<string, Promise<void>>();

/** Where this node's mirrors lie. */
export function mirrorsDir(dataDir: string): string {
  return join(dataDir, 'mirrors');
}

/** A project's mirror: a cache on this node, rebuilt when it is gone. */
export function mirrorDir(dataDir: string, projectId: string): string {
  return join(mirrorsDir(dataDir), `${projectId}.git`);
}

/**
 * Waits until nobody else in this process uses the mirror, and keeps it until disposed: an attempt that was
 * cancelled may still be ending its git when the next one starts. (Between processes the jobs' heartbeats
 * keep one sync of a project at a time.)
 */
export async function holdMirror(dir: string): Promise<Disposable> {
  const before = tails.get(dir);
  const { promise, resolve } = Promise.withResolvers<void>();
  tails.set(dir, promise);
  await before;
  return {
    [Symbol.dispose]() {
      if (tails.get(dir) === promise) tails.delete(dir);
      resolve();
    },
  };
}
