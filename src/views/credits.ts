import { z } from 'zod';
import { moment, uuid } from './columns.ts';

/** What an account has. A person's or an organization's: `actorId`. */
export const creditBalance = z.object({
  actorId: uuid,
  /** Credits in the account, those held included. */
  balance: z.number(),
  /** Of the balance, what is set aside for jobs. */
  held: z.number(),
  /** What a new job can hold: nothing while there is debt. */
  available: z.number(),
  /** Credits that were taken back after they were spent. What comes in next repays them first. */
  debt: z.number(),
});
export type CreditBalance = z.infer<typeof creditBalance>;

export const creditKind = z.enum(['grant', 'correction', 'purchase', 'charge', 'refund', 'repayment']);
export type CreditKind = z.infer<typeof creditKind>;

/** A line of an account's history. The deltas of all lines add up to the balance. */
export const creditChangeView = z.object({
  id: uuid,
  actorId: uuid,
  delta: z.number(),
  kind: creditKind,
  reason: z.string(),
  jobId: uuid.nullable(),
  /** Of the job. */
  projectId: uuid.nullable(),
  transactionId: uuid.nullable(),
  /** Who granted or corrected. */
  authorId: uuid.nullable(),
  balanceAfter: z.number(),
  createdAt: moment,
});
export type CreditChangeView = z.infer<typeof creditChangeView>;

export const holdStatus = z.enum(['held', 'captured', 'released', 'expired']);

/** Credits set aside for a job. */
export const creditHoldView = z.object({
  id: uuid,
  actorId: uuid,
  jobId: uuid,
  /** Of the job. */
  projectId: uuid.nullable(),
  amount: z.number(),
  /** Of the amount, what was charged for work that was delivered. */
  captured: z.number(),
  status: holdStatus,
  expiresAt: moment,
  resolvedAt: moment.nullable(),
  createdAt: moment,
});
export type CreditHoldView = z.infer<typeof creditHoldView>;

/** The account columns of an actor. */
export interface AccountRow {
  id: string;
  credits: number;
  creditsHeld: number;
  creditDebt: number;
}

export function viewBalance({ id, credits, creditsHeld, creditDebt }: AccountRow): CreditBalance {
  const available = creditDebt > 0 ? 0 : credits - creditsHeld;
  return { actorId: id, balance: credits, held: creditsHeld, available, debt: creditDebt };
}
