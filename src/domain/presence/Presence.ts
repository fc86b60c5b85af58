import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '../../bus/Bus.ts';
import { fail } from '../../errors.ts';
import type { Feed, Reauthorizer } from '../../events/watch.ts';
import { type PlaceKey, type Spot, keyText, mostPlaces } from './Place.ts';
import { PresenceBoards, announcePresence } from './PresenceBoards.ts';
import { Guards } from './Guards.ts';
import { beat, retire } from './sql/beat.ts';
import { hasRoom, holdPlace, putPlace } from './sql/putPlace.ts';
import { reapPlaces, releasePlace, removePlace } from './sql/removePlaces.ts';

/** Milliseconds between two writes of one place; of what is said in between only the last counts. */
const writeEveryMs = 100;

export interface PresenceOptions {
  reads: pg.Pool;
  bus: Bus;
  feed: Feed;
  log: Logger;
  /** Milliseconds after which the people of a node that has died are gone. */
  ttlMs: number;
}

interface Waiting {
  to: Spot & { state: 'active' | 'idle' };
  done: Promise<void>;
}

/**
 * Who is where. The places stand in an unlogged table, which every node reads; a place is held by the node at
 * which its socket or subscription is, and forgotten when that lets go of it (after a grace, in which a client
 * that reconnects, to this node or another, takes it over), or when the node has not been heard of for `ttlMs`.
 *
 * Not on the bus alone: a node that has just started would have to ask all others and wait for answers, and a
 * lost message would leave somebody standing there. Not a row per heartbeat: a node writes one for all.
 */
export class Presence {
  readonly boards: PresenceBoards;
  readonly #options: PresenceOptions;
  readonly #nodeId = randomUUID();
  readonly #graceMs: number;
  readonly #unheldMs: number;
  readonly #guards: Guards;
  /** What this node holds, by key; for how many sockets and subscriptions. */
  readonly #held = new Map<string, { key: PlaceKey; holders: number }>();
  readonly #waiting = new Map<string, Waiting>();
  /** When each place was written last, for as long as that matters. */
  readonly #writtenAt = new Map<string, number>();
  /** Places that sockets hold. */
  readonly #sockets = new Map<string, { closed: AbortSignal; letGo: () => void }>();
  /** The last write that holds or releases a place, by key. */
  readonly #writes = new Map<string, Promise<void>>();
  readonly #unlisten: () => void;
  #beats: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #reaping: NodeJS.Timeout | undefined;
  #reapAt = 0;
  #isStopped = false;

  private constructor(options: PresenceOptions) {
    this.#options = options;
    this.#graceMs = options.ttlMs / 3;
    this.#unheldMs = 2 * options.ttlMs;
    this.boards = new PresenceBoards({ ...options, tell: (value) => options.feed.tell(value) });
    this.#guards = new Guards(options.feed, (key) => void this.leave(key).catch(this.#later));
    this.#unlisten = options.bus.onReconnect(() => this.boards.refresh());
  }

  /** @throws what the database answers to the first sign of life. */
  static async start(options: PresenceOptions): Promise<Presence> {
    const presence = new Presence(options);
    // Before anything is held: what a node holds that nobody knows is forgotten.
    await beat(options.reads, presence.#nodeId);
    presence.#beats = setInterval(() => presence.#live(), options.ttlMs / 3).unref();
    return presence;
  }

  /**
   * Says where somebody is. A place that nothing holds has to be said again within twice the time to live.
   * @param caller what decides whether they may still be here, by which credential, and the socket that holds it.
   * @throws TOO_MANY_PLACES
   */
  async set(
    key: PlaceKey,
    to: Waiting['to'],
    caller: { credential: string; reauthorizer: Reauthorizer; closed: AbortSignal | undefined },
  ): Promise<void> {
    const id = keyText(key);
    const waiting = this.#waiting.get(id);
    if (waiting) {
      waiting.to = to;
      return waiting.done;
    }
    const next: Waiting = { to, done: Promise.resolve() };
    this.#waiting.set(id, next);
    next.done = this.#put(id, key, next);
    await next.done;
    if (this.#isStopped) return;
    this.#guards.keep(key, caller, caller.closed ? undefined : this.#unheldMs);
    if (caller.closed) this.#holdUntil(key, caller.closed);
  }

  /** Forgets a place at once. */
  async leave(key: PlaceKey): Promise<void> {
    this.#guards.end(key);
    this.#sockets.get(keyText(key))?.letGo();
    if (await removePlace(this.#options.reads, key)) this.#announce(key);
  }

  /** @throws TOO_MANY_PLACES when this would be one place too many. */
  async checkRoom(key: PlaceKey): Promise<void> {
    if (!(await hasRoom(this.#options.reads, key))) this.#refuse();
  }

  /**
   * Keeps the place until the function that is returned is called, and for the grace after that, or not a moment
   * longer where it is told that its owner may not be there.
   */
  hold(key: PlaceKey): (isLost?: boolean) => void {
    const id = keyText(key);
    const known = this.#held.get(id) ?? { key, holders: 0 };
    known.holders += 1;
    this.#held.set(id, known);
    if (known.holders === 1) this.#inTurn(id, () => this.#writeHold(key));
    return (isLost = false) => {
      known.holders -= 1;
      if (known.holders > 0 || this.#isStopped) return;
      this.#held.delete(id);
      this.#inTurn(id, () => (isLost ? this.leave(key) : this.#release(key)));
    };
  }

  /** Lets go of everything; what was held here is forgotten after the grace, unless another node takes it over. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#beats);
    clearTimeout(this.#reaping);
    this.#unlisten();
    this.#guards.stop();
    this.boards.stop();
    await this.#beating;
    await Promise.allSettled([
      ...this.#writes.values(),
      ...[...this.#waiting.values()].map(({ done }) => done),
    ]);
    await retire(this.#options.reads, this.#nodeId, this.#graceMs).catch(this.#later);
  }

  readonly #later = (error: unknown): void => {
    this.#options.log.debug({ err: error }, 'presence could not be written; it is made up for later');
  };

  #refuse(): never {
    return fail('TOO_MANY_PLACES', { limit: mostPlaces.ofActor });
  }

  #announce({ projectId, actorId }: PlaceKey): void {
    announcePresence(this.#options.bus, projectId, actorId);
  }

  #holdUntil(key: PlaceKey, closed: AbortSignal): void {
    const id = keyText(key);
    const known = this.#sockets.get(id);
    if (known?.closed === closed || closed.aborted) return;
    const release = this.hold(key);
    known?.letGo();
    const onClosed = () => {
      letGo();
      this.#guards.end(key);
    };
    const letGo = () => {
      closed.removeEventListener('abort', onClosed);
      this.#sockets.delete(id);
      release();
    };
    closed.addEventListener('abort', onClosed);
    this.#sockets.set(id, { closed, letGo });
  }

  async #put(id: string, key: PlaceKey, next: Waiting): Promise<void> {
    const wait = (this.#writtenAt.get(id) ?? -writeEveryMs) + writeEveryMs - performance.now();
    if (wait > 0) await sleep(wait);
    this.#waiting.delete(id);
    const at = performance.now();
    this.#writtenAt.set(id, at);
    setTimeout(() => {
      if (this.#writtenAt.get(id) === at) this.#writtenAt.delete(id);
    }, writeEveryMs).unref();
    const isHeld = this.#held.has(id);
    const holder = isHeld ? { nodeId: this.#nodeId } : { forMs: this.#unheldMs };
    if (!(await putPlace(this.#options.reads, key, next.to, holder))) this.#refuse();
    this.#announce(key);
    if (!isHeld) this.#reapAfter(this.#unheldMs);
  }

  async #writeHold(key: PlaceKey): Promise<void> {
    if (await holdPlace(this.#options.reads, key, this.#nodeId)) this.#announce(key);
  }

  async #release(key: PlaceKey): Promise<void> {
    await releasePlace(this.#options.reads, key, this.#nodeId, this.#graceMs);
    this.#reapAfter(this.#graceMs);
  }

  /** Writes of one place happen in the order in which they were asked for. */
  #inTurn(id: string, write: () => Promise<void>): void {
    const last = (this.#writes.get(id) ?? Promise.resolve()).then(write).catch(this.#later);
    this.#writes.set(id, last);
    void last.then(() => {
      if (this.#writes.get(id) === last) this.#writes.delete(id);
    });
  }

  #live(): void {
    this.#beating ??= this.#beatOnce()
      .catch(this.#later)
      .finally(() => {
        this.#beating = undefined;
      });
  }

  async #beatOnce(): Promise<void> {
    const { reads } = this.#options;
    const wasForgotten = await beat(reads, this.#nodeId);
    // PostgreSQL has crashed, or this process stood still: the others think that nobody is here.
    if (wasForgotten) for (const [id, { key }] of this.#held) this.#inTurn(id, () => this.#writeHold(key));
    await this.#reap();
    this.boards.refresh();
  }

  async #reap(): Promise<void> {
    const gone = await reapPlaces(this.#options.reads, this.#options.ttlMs);
    for (const { project_id: projectId, actor_id: actorId } of gone)
      announcePresence(this.#options.bus, projectId, actorId);
  }

  /** Looks for what has expired in so many milliseconds: sooner than the next regular look. */
  #reapAfter(milliseconds: number): void {
    if (this.#isStopped) return;
    this.#reapAt = Math.max(this.#reapAt, performance.now() + milliseconds);
    this.#reaping ??= setTimeout(() => {
      this.#reaping = undefined;
      const left = this.#reapAt - performance.now();
      this.#reap().catch(this.#later);
      if (left > 0) this.#reapAfter(left);
    }, milliseconds + writeEveryMs).unref();
  }
}
