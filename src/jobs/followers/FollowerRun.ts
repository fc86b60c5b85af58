import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { type Cause, transact } from '../../database/transaction.ts';
import type { Stream } from '../../events/emit.ts';
import { isOutage } from '../../database/isOutage.ts';
import type { Follower, FollowerTools } from './Follower.ts';
import { claimCursor } from './sql/claimCursor.ts';
import { moveCursor } from './sql/moveCursor.ts';
import { readFollowed } from './sql/readFollowed.ts';

/** Events read, and acted on at best, in one transaction. */
const batchSize = 200;
/** A batch that failed is tried again one event at a time, and an event is given up after both of these. */
const mostFailures = 10;
const patienceMs = 60_000;

const cause: Cause = { actorId: null, via: 'worker' };

interface Trouble {
  failures: number;
  since: number;
}

/** Brings one follower up to date in one stream after another, a transaction at a time. */
export class FollowerRun {
  readonly #orm: MikroORM;
  readonly #log: Logger;
  readonly #follower: Follower;
  readonly #tools: FollowerTools;
  readonly #troubles = new Map<Stream, Trouble>();

  constructor(orm: MikroORM, log: Logger, follower: Follower, tools: FollowerTools) {
    this.#orm = orm;
    this.#log = log;
    this.#follower = follower;
    this.#tools = tools;
  }

  /** One batch. @returns whether more is waiting; false also when another worker is at it, or when it failed. */
  async advance(stream: Stream): Promise<boolean> {
    try {
      const isMore = await this.#batch(stream, this.#troubles.get(stream));
      this.#troubles.delete(stream);
      return isMore;
    } catch (error) {
      const known = this.#troubles.get(stream) ?? { failures: 0, since: Date.now() };
      // An outage says nothing about the event.
      if (!isOutage(error)) this.#troubles.set(stream, { ...known, failures: known.failures + 1 });
      this.#log.warn(
        { err: error, follower: this.#follower.name, stream },
        'following the log failed; it is tried again',
      );
      return false;
    }
  }

  async #batch(stream: Stream, trouble: Trouble | undefined): Promise<boolean> {
    const { name, types } = this.#follower;
    const limit = trouble ? 1 : batchSize;
    return transact(this.#orm, cause, async (em) => {
      const after = await claimCursor(em, name, stream);
      if (after === undefined) return false;
      const { head, events } = await readFollowed(em, stream, { after, types, limit });
      if (head <= after) return false;
      let done = events.length;
      if (trouble && trouble.failures >= mostFailures && Date.now() - trouble.since > patienceMs) {
        // Better that one event has no consequences than that no later one of its project has any.
        this.#log.error(
          { follower: name, stream, seq: events[0]?.seq },
          'an event is given up; what should follow from it will not',
        );
      } else if (events.length > 0) {
        done = await this.#follower.act(em, events, this.#tools);
      }
      const isAll = done >= events.length && events.length < limit;
      const reached = isAll ? head : (events[done - 1]?.seq ?? after);
      await moveCursor(em, name, stream, reached);
      return reached < head;
    });
  }
}
