import type { Watched } from './index.ts';

type Event = Watched<'credits'>;
/** What `credits.watch` begins with, and what its events keep up to date; null: the account is gone. */
export type BalanceState = Extract<Event, { type: 'snapshot' }>['balance'];

/**
 * What an account has after an event of `credits.watch`; `balance` is what it had before, undefined at first.
 * Payments change it by an event of its own.
 */
export function applyToBalance(balance: BalanceState | undefined, event: Event): BalanceState {
  if (event.type === 'snapshot' || event.type === 'resync') return event.balance;
  return event.type === 'credits.changed' ? event.payload : (balance ?? null);
}
