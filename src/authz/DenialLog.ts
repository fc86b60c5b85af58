import type { Logger } from 'pino';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { isOutage } from '../database/isOutage.ts';
import { type DenialRow, insertDenials } from './sql/insertDenials.ts';

/** A refused call of somebody who is signed in. */
export interface Denial {
  actorId: string;
  /** `router.procedure` */
  permission: string;
  /** null: it was made outside any project, or in one that there is not. */
  projectId: string | null;
  reason: string;
  /** Names of the caller's direct roles, with their prefix. */
  roles: readonly string[];
  /** The rule that refused it, in words; asked once per row, for finding it takes longer than refusing. */
  findRule: () => string | null;
  via: DenialRow['via'];
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
}

interface DenialOptions {
  log: Logger;
  /** Counts refused calls of which no row will tell. */
  drop: (calls: number) => void;
  /** Milliseconds since 1970; tests have a clock of their own. */
  now?: () => number;
}

/** At most one row in this time for the same caller, permission, project and reason. */
const windowMs = 60_000;
/** How often rows that are due are written. */
const tickMs = 1_000;
/** Rows of one statement. */
const batchSize = 500;
/** Different refusals that are kept in mind at once, in all and of one caller, who cannot crowd out the others'. */
const mostKept = 10_000;
const mostOfOne = 500;
/** When more than this are kept, a caller gets no more than a few: the rest is for those who come later. */
const roomy = 8_000;
const few = 10;
/** Permission and reason of a row that stands for refusals of many kinds. */
const further = { permission: '*', reason: 'further refusals', findRule: () => null };

/** A row that still counts. */
interface Waiting {
  row: Omit<DenialRow, 'changes'>;
  changes: DenialRow['changes'];
  count: number;
}

/** What is known of one kind of refusal: of a caller, permission, project and reason. */
interface Kept {
  /** A row that is being written, or has to be written again: it stays as it is, so that it is written once. */
  writing: DenialRow | null;
  /** The row after it, which counts on; null: no call was refused since. */
  next: Waiting | null;
  /** When the row before was taken up, in milliseconds of the clock. */
  takenAt: number;
}

/** The kind of a refusal among those of its caller. */
function keyOf({
  permission,
  projectId,
  reason,
}: Pick<Denial, 'permission' | 'projectId' | 'reason'>): string {
  return `${permission} ${projectId ?? ''} ${reason}`;
}
/** Of the row for everything that a caller does besides. */
const wholeKey = keyOf({ ...further, projectId: null });

/**
 * Writes refused calls to the audit log, beside the calls: no answer waits for it. The first of a kind is
 * written at the next tick; those that follow within a minute are counted, and written as one row when the
 * minute is over. What is kept is bounded, also while the database is away. A caller of too many kinds is told
 * of in rows that are coarser, of a project and in the end of the caller, so nobody hides behind noise; what
 * does not fit all the same is counted.
 */
export class DenialLog {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #drop: (calls: number) => void;
  readonly #now: () => number;
  /** By caller, then by kind, in the order in which they came. */
  readonly #actors = new Map<string, Map<string, Kept>>();
  #size = 0;
  readonly #timer: NodeJS.Timeout;
  #waiting = 0;
  #written: Promise<void> = Promise.resolve();

  /** @param pool on the primary. */
  constructor(pool: pg.Pool, options: DenialOptions) {
    this.#pool = pool;
    this.#log = options.log;
    this.#drop = options.drop;
    this.#now = options.now ?? Date.now;
    this.#timer = setInterval(() => this.#tick(), tickMs).unref();
  }

  /** How many different refusals are kept in mind. */
  get size(): number {
    return this.#size;
  }

  /** Takes note of a refused call, at once and without ever failing. */
  note(denial: Denial): void {
    const most = this.#size < roomy ? mostOfOne : few;
    const inProject = { ...denial, ...further };
    const all = { ...inProject, projectId: null };
    // The finest row that there is room for; the last one for all that its caller does besides.
    if (this.#count(denial, Math.floor(most * 0.8))) return;
    if (denial.projectId !== null && this.#count(inProject, most - 1)) return;
    if (!this.#count(all, Infinity)) this.#drop(1);
  }

  /** Writes what is due; resolves when that is done, or has failed. */
  flush(): Promise<void> {
    return this.#queue(false);
  }

  /** Writes everything, due or not, and stops; what cannot be written now is lost, and counted. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#queue(true);
    let lost = 0;
    for (const ofActor of this.#actors.values())
      for (const { writing, next } of ofActor.values())
        lost += Number(writing?.changes['count']?.new ?? 0) + (next?.count ?? 0);
    this.#actors.clear();
    this.#size = 0;
    if (lost === 0) return;
    this.#drop(lost);
    this.#log.error({ calls: lost }, 'refused calls could not be written to the audit log');
  }

  #tick(): void {
    // While the database does not answer, ticks do not pile up.
    if (this.#waiting === 0) void this.flush();
  }

  /** One write at a time: the next one begins with what was noted meanwhile. */
  #queue(isLast: boolean): Promise<void> {
    this.#waiting += 1;
    this.#written = this.#written
      .then(() => this.#write(isLast))
      .finally(() => {
        this.#waiting -= 1;
      });
    return this.#written;
  }

  /** Counts a call in the row of its kind. @param most kinds that its caller may have before a new one. */
  #count(denial: Denial, most: number): boolean {
    const kept = this.#actors.get(denial.actorId)?.get(keyOf(denial)) ?? this.#keep(denial, most);
    if (!kept) return false;
    if (kept.next) kept.next.count += 1;
    else kept.next = this.#begin(denial);
    return true;
  }

  #keep(denial: Denial, most: number): Kept | undefined {
    if ((this.#actors.get(denial.actorId)?.size ?? 0) >= most) return undefined;
    if (this.#size >= mostKept && !this.#makeRoom()) return undefined;
    return this.#put(denial.actorId, keyOf(denial), { writing: null, next: null, takenAt: -Infinity });
  }

  #put(actorId: string, key: string, kept: Kept): Kept {
    const ofActor = this.#actors.get(actorId);
    if (ofActor) ofActor.set(key, kept);
    else this.#actors.set(actorId, new Map([[key, kept]]));
    this.#size += 1;
    return kept;
  }

  #forget(actorId: string, key: string): void {
    const ofActor = this.#actors.get(actorId);
    if (!ofActor?.delete(key)) return;
    this.#size -= 1;
    if (ofActor.size === 0) this.#actors.delete(actorId);
  }

  /**
   * Makes one row of the kinds of the caller who has most, but for the first few: what somebody did before
   * the flood is still told of. Rows that are being written stay. Whether there is room now.
   */
  #makeRoom(): boolean {
    let largest: { actorId: string; kinds: [string, Kept][] } | undefined;
    for (const [actorId, ofActor] of this.#actors) {
      if (ofActor.size <= Math.max(1, largest?.kinds.length ?? 0)) continue;
      const kinds = [...ofActor].filter(([key, { writing }]) => !writing && key !== wholeKey);
      if (kinds.length > (largest?.kinds.length ?? 0)) largest = { actorId, kinds };
    }
    if (!largest) return false;
    const { actorId, kinds } = largest;
    const merged = kinds.slice(kinds.length > 2 * few ? few : 0);
    for (const [key] of merged) this.#forget(actorId, key);
    this.#mergeInto(
      actorId,
      merged.flatMap(([, { next }]) => next ?? []),
    );
    return this.#size < mostKept;
  }

  /** Adds rows that are not written yet to the one of their caller. */
  #mergeInto(actorId: string, rows: readonly Waiting[]): void {
    const [first] = rows;
    if (!first) return;
    const count = rows.reduce((sum, row) => sum + row.count, 0);
    const whole =
      this.#actors.get(actorId)?.get(wholeKey) ??
      this.#put(actorId, wholeKey, { writing: null, next: null, takenAt: -Infinity });
    if (whole.next) whole.next.count += count;
    else {
      const { roles } = first.changes;
      whole.next = {
        row: { ...first.row, entity_id: further.permission, project_id: null },
        changes: { reason: { new: further.reason }, ...(roles ? { roles } : {}) },
        count,
      };
    }
  }

  #begin(denial: Denial): Waiting {
    const rule = denial.findRule();
    return {
      row: {
        id: uuidv7(),
        user_id: denial.actorId,
        project_id: denial.projectId,
        action: 'deny',
        entity_type: 'procedure',
        entity_id: denial.permission,
        via: denial.via,
        request_id: denial.requestId,
        ip_address: denial.ipAddress,
        user_agent: denial.userAgent?.slice(0, 500) ?? null,
        created_at: new Date(this.#now()).toISOString(),
      },
      changes: {
        reason: { new: denial.reason },
        ...(rule === null ? {} : { rule: { new: rule } }),
        roles: { new: denial.roles.map((role) => role.slice('role:'.length)) },
      },
      count: 1,
    };
  }

  /**
   * Takes up rows that are due, as many as one statement writes: rows that are taken up stay as they are.
   * Those that have to be written again come first, by themselves. Forgets what has been silent for a window.
   */
  #takeDue(isLast: boolean): Kept[] {
    const now = this.#now();
    const again: Kept[] = [];
    for (const ofActor of this.#actors.values())
      for (const kept of ofActor.values()) if (kept.writing) again.push(kept);
    if (again.length > 0) return again;
    const due: Kept[] = [];
    for (const [actorId, ofActor] of this.#actors)
      for (const [key, kept] of ofActor) {
        if (!isLast && now - kept.takenAt < windowMs) continue;
        if (!kept.next) this.#forget(actorId, key);
        else if (due.length < batchSize) {
          const { row, changes, count } = kept.next;
          kept.writing = { ...row, changes: { ...changes, count: { new: count } } };
          kept.next = null;
          kept.takenAt = now;
          due.push(kept);
        }
      }
    return due;
  }

  async #write(isLast: boolean): Promise<void> {
    for (let due = this.#takeDue(isLast); due.length > 0; due = this.#takeDue(isLast)) {
      const rows = due.flatMap(({ writing }) => writing ?? []);
      try {
        await insertDenials(this.#pool, rows);
      } catch (error) {
        // The next tick tries again, with these same rows.
        if (isOutage(error)) return;
        this.#drop(rows.reduce((calls, row) => calls + Number(row.changes['count']?.new), 0));
        this.#log.error({ err: error }, 'refused calls could not be written to the audit log');
      }
      for (const kept of due) kept.writing = null;
    }
  }
}
