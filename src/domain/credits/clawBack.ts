import type { EntityManager } from '@mikro-orm/postgresql';
import { audit } from '../../events/audit.ts';
import { announceBalance } from './announceBalance.ts';
import { addDebt } from './sql/addDebt.ts';
import { changeBalance } from './sql/changeBalance.ts';
import { lockAccount } from './sql/lockAccount.ts';

export interface ClawBack {
  userId: string;
  /** More than 0. */
  amount: number;
  transactionId: string;
  reason: string;
  key: string;
}

/**
 * Takes back what was bought: as much as there is and not held for a job, which could otherwise not be charged
 * for what it delivers; the rest becomes debt. Its caller keeps, in the same transaction, that it was done.
 * @returns credits taken, and credits that became debt.
 */
export async function clawBack(
  em: EntityManager,
  { userId, amount, transactionId, reason, key }: ClawBack,
): Promise<{ taken: number; debt: number }> {
  const account = await lockAccount(em, userId);
  if (!account) throw new Error(`There is no account ${userId}.`);
  const taken = Math.min(amount, account.credits - account.creditsHeld);
  const debt = amount - taken;
  let after = account;
  if (taken > 0) {
    const outcome = await changeBalance(em, {
      userId,
      delta: -taken,
      kind: 'refund',
      reason,
      transactionId,
      key,
    });
    if (outcome.is !== 'changed') throw new Error(`The claw-back ${key} was made before.`);
    after = outcome.account;
  }
  if (debt > 0) after = await addDebt(em, userId, debt);
  audit(em, {
    action: 'clawBack',
    entityType: 'actors',
    entityId: userId,
    changes: {
      credits: { old: account.credits, new: after.credits },
      creditDebt: { old: account.creditDebt, new: after.creditDebt },
    },
  });
  announceBalance(em, after);
  return { taken, debt };
}
