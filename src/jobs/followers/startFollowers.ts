import type { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Authorizer } from '../../authz/Authorizer.ts';
import type { Bus } from '../../bus/Bus.ts';
import { afterCommit } from '../../database/transaction.ts';
import type { Follower, FollowerTools } from './Follower.ts';
import { FollowerQueue } from './FollowerQueue.ts';
import { FollowerRun } from './FollowerRun.ts';
import { type Lagging, findLagging } from './sql/findLagging.ts';

export interface FollowersOptions {
  orm: MikroORM;
  reads: pg.Pool;
  bus: Bus;
  log: Logger;
  authorizer: Authorizer;
  followers: readonly Follower[];
  /** Milliseconds between two looks for events whose hint was lost. Default: 3,000. */
  sweepMs?: number;
  /** Milliseconds that a stream rests after it was served, for events to gather. Default: 25. */
  restMs?: number;
}

/** Streams that one process serves at once, for each follower. */
const width = 4;

/**
 * Starts the followers of the log, in this process: woken by the bus's hints, and by a sweep where a hint was
 * lost. Any number of processes may run the same ones: a stream is served by one at a time.
 */
export function startFollowers(options: FollowersOptions): { stop(): Promise<void> } {
  const { orm, reads, bus, log, authorizer, followers, sweepMs = 3_000, restMs = 25 } = options;
  const tools: FollowerTools = {
    authorizer,
    announce: (em, stream, seq) => afterCommit(em, () => bus.publishHint(stream, seq)),
  };
  const queues = followers.map((follower) => {
    const run = new FollowerRun(orm, log, follower, tools);
    return { follower, queue: new FollowerQueue((stream) => run.advance(stream), { width, restMs }) };
  });

  let isStopped = false;
  let sweeping: Promise<void> | undefined;
  async function sweep(): Promise<void> {
    for (const { follower, queue } of queues) {
      let after: string | null = '';
      do {
        const page: Lagging = await findLagging(reads, follower, after);
        for (const stream of page.lagging) queue.wake(stream);
        after = isStopped ? null : page.next;
      } while (after !== null);
    }
  }
  function beginSweep(): void {
    sweeping ??= sweep()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'looking for events to follow failed; it is tried again'),
      )
      .finally(() => (sweeping = undefined));
  }

  const stopHints = queues.map(({ follower, queue }) =>
    bus.onHint((stream) => queue.wake(stream), follower.streams),
  );
  const stopReconnects = bus.onReconnect(beginSweep);
  const timer = setInterval(beginSweep, sweepMs);
  beginSweep();
  return {
    async stop() {
      isStopped = true;
      for (const stopHint of stopHints) stopHint();
      stopReconnects();
      clearInterval(timer);
      await sweeping;
      await Promise.all(queues.map(({ queue }) => queue.stop()));
    },
  };
}
