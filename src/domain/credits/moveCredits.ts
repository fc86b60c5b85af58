import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { fail } from '../../errors.ts';
import { announceAfterCommit } from '../../events/record.ts';
import type { AccountRow } from '../../views/credits.ts';
import { announceBalance } from './announceBalance.ts';
import { KeyRace } from './KeyRace.ts';
import { addDebt } from './sql/addDebt.ts';
import { type BalanceChange, type KnownChange, changeBalance } from './sql/changeBalance.ts';
import { lockAccount } from './sql/lockAccount.ts';

/** What became of a change: `isNew` is false when its key had made it before. */
export interface Moved {
  changeId: string;
  isNew: boolean;
}

/** A key stands for one change: whoever uses it for another has mixed something up. */
function checkSame(change: BalanceChange, known: KnownChange): void {
  const isSame =
    known.delta === change.delta &&
    known.kind === change.kind &&
    known.reason === change.reason &&
    known.jobId === (change.jobId ?? null) &&
    known.transactionId === (change.transactionId ?? null);
  if (!isSame)
    fail('CONFLICT', { reason: 'the idempotency key was already used for another change of credits' });
}

/** Pays debt with what is in the account and not held; its row must be locked. */
export async function repayDebt(em: EntityManager, account: AccountRow): Promise<AccountRow> {
  const amount = Math.min(account.creditDebt, account.credits - account.creditsHeld);
  if (amount <= 0) return account;
  const outcome = await changeBalance(em, {
    userId: account.id,
    delta: -amount,
    kind: 'repayment',
    reason: 'debt repaid',
    key: `repayment:${uuidv7()}`,
  });
  if (outcome.is !== 'changed') throw new Error('An account that is locked has changed.');
  return addDebt(em, account.id, -amount);
}

/**
 * Adds credits to an account, or takes some that are not held. What comes in repays debt first.
 * @throws CONFLICT when the key was used for another change, CREDITS_NOT_ENOUGH when there is less to take,
 *   NOT_FOUND (account).
 */
export async function moveCredits(em: EntityManager, change: BalanceChange): Promise<Moved> {
  const outcome = await changeBalance(em, change, { tells: true });
  switch (outcome.is) {
    case 'known':
      checkSame(change, outcome.known);
      return { changeId: outcome.known.id, isNew: false };
    case 'raced':
      throw new KeyRace();
    case 'refused': {
      const account = await lockAccount(em, change.userId);
      if (!account) return fail('NOT_FOUND', { thing: 'account' });
      return fail('CREDITS_NOT_ENOUGH', { needed: -change.delta });
    }
    case 'changed': {
      const { account, changeId, told } = outcome;
      if (told === null) announceBalance(em, await repayDebt(em, account));
      else announceAfterCommit(em, `user:${account.id}`, told);
      return { changeId, isNew: true };
    }
  }
}
