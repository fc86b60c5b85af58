import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../entities/jobs/Job.ts';
import { fail } from '../../errors.ts';
import { announceBalance } from './announceBalance.ts';
import { repayDebt } from './moveCredits.ts';
import { captureHold } from './sql/captureHold.ts';
import { releaseHold } from './sql/endHold.ts';
import { findPayer } from './sql/findPayer.ts';
import { findUnpaid } from './sql/findUnpaid.ts';
import { lockAccount } from './sql/lockAccount.ts';
import { openHold } from './sql/openHold.ts';

/** Longer than any job waits and runs; one that does neither any more gives its credits back by then. */
const holdHours = 24;

export interface JobHold {
  jobId: string;
  /** Its owner, a person or an organization, pays. */
  projectId: string;
  /** What the job was quoted; nothing is held for a job that is free. */
  amount: number;
  /** Default: in 24 hours. */
  expiresAt?: Date;
  /** Default: one hold for the job. */
  key?: string;
}

/**
 * Sets credits of the project's owner aside for a job, in the transaction that queues it; asked for twice, it
 * is done once.
 * @throws CREDITS_NOT_ENOUGH, CREDITS_IN_DEBT; CONFLICT when the job holds another amount, or under another key.
 */
export async function holdForJob(em: EntityManager, hold: JobHold): Promise<void> {
  const { jobId, projectId, amount, key = `job:${jobId}` } = hold;
  if (amount <= 0) return;
  // The hold refers to the job, which may be as new as itself.
  await em.flush();
  const userId = await findPayer(em, projectId);
  const expiresAt = hold.expiresAt ?? new Date(Date.now() + holdHours * 3_600_000);
  const outcome = await openHold(em, { userId, jobId, amount, expiresAt, key });
  if (outcome.is === 'held') return announceBalance(em, outcome.account);
  if (outcome.is === 'known') {
    if (outcome.known.jobId === jobId && outcome.known.amount === amount) return;
    fail('CONFLICT', { reason: 'credits are already held for this job, or under this key for another' });
  }
  const account = (await lockAccount(em, userId)) ?? fail('NOT_FOUND', { thing: 'account' });
  if (account.creditDebt > 0) fail('CREDITS_IN_DEBT');
  // How much there is concerns who has the account, and not everybody who starts jobs.
  fail('CREDITS_NOT_ENOUGH', { needed: amount });
}

/** Holds anew, for a job that is tried again, what it has not been charged of its last hold. @throws as holdForJob */
export async function holdAgain(em: EntityManager, job: Job): Promise<void> {
  const unpaid = await findUnpaid(em, job.id);
  if (!unpaid || !job.projectId) return;
  await holdForJob(em, {
    jobId: job.id,
    projectId: job.projectId,
    amount: unpaid.amount,
    key: `job:${job.id}:${unpaid.holds + 1}`,
  });
}

/**
 * Charges a segment that was delivered, from what is held for its job; call it in the transaction that says
 * that the segment is done. Charged twice, it is paid once.
 * @throws CREDIT_HOLD_OVER, CREDIT_HOLD_EXCEEDED, CONFLICT when it was charged another amount.
 */
export async function captureForSegment(
  em: EntityManager,
  { jobId, segmentId, amount, reason }: { jobId: string; segmentId: string; amount: number; reason: string },
): Promise<void> {
  if (amount <= 0) return;
  const outcome = await captureHold(em, { jobId, amount, reason, key: `segment:${segmentId}` });
  if (outcome.is === 'captured') return announceBalance(em, outcome.account);
  if (outcome.is === 'known') {
    if (outcome.amount !== amount)
      fail('CONFLICT', { reason: 'the segment was already charged another amount' });
    return;
  }
  const { hold } = outcome;
  if (hold?.status !== 'held') fail('CREDIT_HOLD_OVER', { status: hold?.status ?? 'missing' });
  fail('CREDIT_HOLD_EXCEEDED', { needed: amount, held: hold.rest });
}

/** Gives back what is still held for a job that is over; nothing when nothing is. */
export async function releaseJob(em: EntityManager, jobId: string): Promise<void> {
  const account = await releaseHold(em, jobId);
  if (account) announceBalance(em, await repayDebt(em, account));
}
