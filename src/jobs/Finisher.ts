import type { MikroORM } from '@mikro-orm/postgresql';
import { transact } from '../database/transaction.ts';
import { releaseJob } from '../domain/credits/holdForJob.ts';
import type { Attempt } from '../domain/jobs/holdAttempt.ts';
import { audit } from '../events/audit.ts';
import type { StageView } from '../views/jobs.ts';
import { announceJob } from './enqueue.ts';
import { completeJobs } from './sql/completeJobs.ts';

interface Finished extends Attempt {
  /** Who asked for it; the event is theirs. */
  userId: string | null;
  stages: StageView[];
}

interface Entry {
  finished: Finished;
  settle: (held: boolean) => void;
  reject: (error: unknown) => void;
}

/**
 * Says of jobs that they are complete. Those that end while one transaction is under way go into the next one
 * together, so that many short jobs do not wait for one commit each.
 */
export class Finisher {
  readonly #orm: MikroORM;
  #waiting: Entry[] = [];
  #isWriting = false;

  constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  /** Gives back what the job still holds of credits, too. @returns false when the attempt no longer held the job. */
  complete(finished: Finished): Promise<boolean> {
    return new Promise((settle, reject) => {
      this.#waiting.push({ finished, settle, reject });
      // What ends in the same turn belongs together.
      if (!this.#isWriting) {
        this.#isWriting = true;
        setImmediate(() => void this.#write());
      }
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const byUser = Map.groupBy(this.#waiting, ({ finished }) => finished.userId);
      this.#waiting = [];
      for (const [userId, entries] of byUser) await this.#writeFor(userId, entries);
    }
    this.#isWriting = false;
  }

  async #writeFor(userId: string | null, entries: readonly Entry[]): Promise<void> {
    try {
      const held = await this.#record(
        userId,
        entries.map(({ finished }) => finished),
      );
      for (const { finished, settle } of entries) settle(held.has(finished.jobId));
    } catch (error) {
      // One that cannot be written must not take the others along.
      if (entries.length > 1) for (const entry of entries) await this.#writeFor(userId, [entry]);
      else for (const { reject } of entries) reject(error);
    }
  }

  async #record(userId: string | null, attempts: readonly Finished[]): Promise<Set<string>> {
    return transact(this.#orm, { actorId: userId, via: 'worker' }, async (em) => {
      const jobs = await completeJobs(em, attempts);
      for (const job of jobs) {
        if (job.holdsCredits) await releaseJob(em, job.id);
        audit(em, {
          action: 'update',
          entityType: 'jobs',
          entityId: job.id,
          ...(job.projectId ? { projectId: job.projectId } : {}),
          changes: { status: { old: 'running', new: 'completed' } },
        });
        announceJob(em, job, 'job.completed');
      }
      return new Set(jobs.map(({ id }) => id));
    });
  }
}
