import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clawBack } from '../../../src/domain/credits/clawBack.ts';
import { captureForSegment, holdForJob, releaseJob } from '../../../src/domain/credits/holdForJob.ts';
import { moveCredits } from '../../../src/domain/credits/moveCredits.ts';
import { verifyCredits } from '../../../src/domain/credits/verifyCredits.ts';
import { type CreditWorld, makeCreditWorld } from '../../support/creditWorld.ts';

let world: CreditWorld;
beforeAll(async () => {
  world = await makeCreditWorld();
});
afterAll(() => world.server.close());

/** What an account should be, worked out without a database. */
class Model {
  credits: number;
  held = 0;
  debt: number;
  readonly holds = new Map<number, number>();

  constructor(start: { credits: number; debt: number }) {
    this.credits = start.credits;
    this.debt = start.debt;
  }

  get free(): number {
    return this.credits - this.held;
  }

  #repay(): void {
    const amount = Math.min(this.debt, this.free);
    this.credits -= amount;
    this.debt -= amount;
  }

  give(amount: number): void {
    this.credits += amount;
    this.#repay();
  }

  take(amount: number): string | null {
    if (amount > this.free) return 'CREDITS_NOT_ENOUGH';
    this.credits -= amount;
    return null;
  }

  hold(job: number, amount: number): string | null {
    if (this.holds.has(job)) return 'CONFLICT';
    if (this.debt > 0) return 'CREDITS_IN_DEBT';
    if (amount > this.free) return 'CREDITS_NOT_ENOUGH';
    this.held += amount;
    this.holds.set(job, amount);
    return null;
  }

  capture(job: number, amount: number): string | null {
    const rest = this.holds.get(job);
    if (rest === undefined) return 'CREDIT_HOLD_OVER';
    if (amount > rest) return 'CREDIT_HOLD_EXCEEDED';
    this.holds.set(job, rest - amount);
    this.held -= amount;
    this.credits -= amount;
    return null;
  }

  release(job: number): void {
    this.held -= this.holds.get(job) ?? 0;
    this.holds.delete(job);
    this.#repay();
  }

  clawBack(amount: number): void {
    const taken = Math.min(amount, this.free);
    this.credits -= taken;
    this.debt += amount - taken;
  }
}

const amount = fc.integer({ min: 1, max: 40 });
const job = fc.integer({ min: 0, max: 3 });
const operation = fc.oneof(
  fc.record({ op: fc.constant('give' as const), amount }),
  fc.record({ op: fc.constant('take' as const), amount }),
  fc.record({ op: fc.constant('hold' as const), job, amount }),
  fc.record({ op: fc.constant('capture' as const), job, amount: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ op: fc.constant('release' as const), job }),
  fc.record({ op: fc.constant('clawBack' as const), amount }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** An account, and the jobs that hold of it; a job that is over is followed by another. */
interface Ground {
  userId: string;
  projectId: string;
  jobs: string[];
  transactionId: string;
}

function predict(model: Model, step: Operation): string | null {
  switch (step.op) {
    case 'give':
      model.give(step.amount);
      return null;
    case 'take':
      return model.take(step.amount);
    case 'hold':
      return model.hold(step.job, step.amount);
    case 'capture':
      return model.capture(step.job, step.amount);
    case 'release':
      model.release(step.job);
      return null;
    case 'clawBack':
      model.clawBack(step.amount);
      return null;
  }
}

async function makeGround(credits: number): Promise<Ground> {
  const { person, projectId } = await world.makeAccount(credits);
  const transactionId = randomUUID();
  await world.query(
    `insert into transactions (id, user_id, provider, amount_cents, currency, credits_bought) values ($1, $2, 'test', 1, 'EUR', 100000)`,
    [transactionId, person.id],
  );
  const jobs = await Promise.all([0, 1, 2, 3].map(() => world.makeJob(projectId)));
  return { userId: person.id, projectId, jobs, transactionId };
}

/** The next run begins with the account as this one leaves it, and with jobs that hold nothing. */
async function endJobs(ground: Ground): Promise<void> {
  for (const [index] of ground.jobs.entries()) await perform(ground, { op: 'release', job: index });
}

async function perform(ground: Ground, step: Operation): Promise<string | null> {
  const { userId, projectId, jobs } = ground;
  const jobId = 'job' in step ? jobs[step.job]! : '';
  const key = randomUUID();
  try {
    await world.act(async (em) => {
      switch (step.op) {
        case 'give':
          await moveCredits(em, { userId, delta: step.amount, kind: 'grant', reason: 'given', key });
          break;
        case 'take':
          await moveCredits(em, { userId, delta: -step.amount, kind: 'correction', reason: 'taken', key });
          break;
        case 'hold':
          // Under a key of its own it is another hold, not the same one again.
          await holdForJob(em, { jobId, projectId, amount: step.amount, key });
          break;
        case 'capture':
          await captureForSegment(em, { jobId, segmentId: key, amount: step.amount, reason: 'delivered' });
          break;
        case 'release':
          await releaseJob(em, jobId);
          break;
        case 'clawBack': {
          const { transactionId } = ground;
          await clawBack(em, { userId, amount: step.amount, transactionId, reason: 'paid back', key });
          await em.execute('update transactions set credits_reclaimed = credits_reclaimed + ? where id = ?', [
            step.amount,
            transactionId,
          ]);
        }
      }
    });
    if (step.op === 'release') jobs[step.job] = await world.makeJob(projectId);
    return null;
  } catch (error) {
    return String((error as { errorCode?: string }).errorCode ?? error);
  }
}

test('whatever is done to an account, it is what a model says, its history adds up, and nothing is below nothing', async () => {
  const ground = await makeGround(0);
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (steps) => {
      const model = new Model(await world.accountOf(ground.userId));
      for (const step of steps) {
        // A hold of the same amount for the same job is the same hold: that is tried elsewhere.
        if (step.op === 'hold' && model.holds.has(step.job)) continue;
        const expected = predict(model, step);
        expect(await perform(ground, step)).toBe(expected);
        const { credits, held, debt } = model;
        expect(await world.accountOf(ground.userId)).toEqual({ credits, held, debt });
        expect(Math.min(credits, held, debt, credits - held)).toBeGreaterThanOrEqual(0);
      }
      await endJobs(ground);
      expect(await verifyCredits(world.server.tessera.services.orm)).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('whatever is done to an account by many at once, its records agree', async () => {
  const ground = await makeGround(60);
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 20, maxLength: 60 }), async (steps) => {
      const outcomes = await Promise.all(steps.map((step) => perform(ground, step)));
      for (const outcome of outcomes)
        expect(outcome).toSatisfy((code) => code === null || /^C[A-Z_]+$/.test(code));
      const { credits, held, debt } = await world.accountOf(ground.userId);
      expect(Math.min(credits, held, debt, credits - held)).toBeGreaterThanOrEqual(0);
      expect(await verifyCredits(world.server.tessera.services.orm)).toEqual([]);
      await endJobs(ground);
    }),
    { numRuns: 8 },
  );
});
