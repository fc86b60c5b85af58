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

/** What is known of one kind of refusal: of a caller, permission, project and reason. */
interface Kept {
  actorId: string;
  /** A row that is being written, or has to be written again: it stays as it is, so that it is written once. */
  writing: DenialRow | null;
  /** The row after it, which counts on; null: no call was refused since. */
  next: { row: Omit<DenialRow, 'changes'>; changes: Record<string, { new: unknown }>; count: number } | null;
  /** When the row before was taken up, in milliseconds of the clock. */
  takenAt: number;
}

/**
 * Writes refused calls to the audit log, beside the calls: no answer waits for it. The first of a kind is
 * written at the next tick; those that follow within a minute are counted, and written as one row when the
 * minute is over. What is kept is bounded, also while the database is away; what does not fit is counted.
 */
export class DenialLog {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #drop: (calls: number) => void;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #perActor = new Map<string, number>();
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
    return this.#kept.size;
  }

  /** Takes note of a refused call, at once and without ever failing. */
  note(denial: Denial): void {
    const key = `${denial.actorId} ${denial.permission} ${denial.projectId ?? ''} ${denial.reason}`;
    const kept = this.#kept.get(key) ?? this.#keep(key, denial.actorId);
    if (!kept) {
      this.#drop(1);
      return;
    }
    if (kept.next) kept.next.count += 1;
    else kept.next = this.#begin(denial);
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
    for (const { writing, next } of this.#kept.values())
      lost += Number(writing?.changes['count']?.new ?? 0) + (next?.count ?? 0);
    this.#kept.clear();
    this.#perActor.clear();
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

  #keep(key: string, actorId: string): Kept | undefined {
    const ofActor = this.#perActor.get(actorId) ?? 0;
    if (this.#kept.size >= mostKept || ofActor >= mostOfOne) return undefined;
    const kept: Kept = { actorId, writing: null, next: null, takenAt: -Infinity };
    this.#kept.set(key, kept);
    this.#perActor.set(actorId, ofActor + 1);
    return kept;
  }

  #forget(key: string, { actorId }: Kept): void {
    this.#kept.delete(key);
    const left = (this.#perActor.get(actorId) ?? 1) - 1;
    if (left > 0) this.#perActor.set(actorId, left);
    else this.#perActor.delete(actorId);
  }

  #begin(denial: Denial): NonNullable<Kept['next']> {
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

  /** Takes up every row that is due, and forgets what has been silent for a window. */
  #takeDue(isLast: boolean): Kept[] {
    const now = this.#now();
    const due: Kept[] = [];
    for (const [key, kept] of this.#kept) {
      const isOver = isLast || now - kept.takenAt >= windowMs;
      if (!kept.writing && kept.next && isOver) {
        const { row, changes, count } = kept.next;
        kept.writing = { ...row, changes: { ...changes, count: { new: count } } };
        kept.next = null;
        kept.takenAt = now;
      }
      if (kept.writing) due.push(kept);
      else if (!kept.next && isOver) this.#forget(key, kept);
    }
    return due;
  }

  async #write(isLast: boolean): Promise<void> {
    const due = this.#takeDue(isLast);
    for (let at = 0; at < due.length; at += batchSize) {
      const batch = due.slice(at, at + batchSize);
      const rows = batch.flatMap(({ writing }) => writing ?? []);
      try {
        await insertDenials(this.#pool, rows);
      } catch (error) {
        // The next tick tries again, with these same rows.
        if (isOutage(error)) return;
        this.#drop(rows.reduce((calls, row) => calls + Number(row.changes['count']?.new), 0));
        this.#log.error({ err: error }, 'refused calls could not be written to the audit log');
      }
      for (const kept of batch) kept.writing = null;
    }
    // What was counted on behind rows that had to be written again.
    if (isLast && [...this.#kept.values()].some(({ next }) => next)) await this.#write(true);
  }
}
