import type { EntityManager } from '@mikro-orm/postgresql';
import { emit } from '../../events/emit.ts';
import { type AccountRow, viewBalance } from '../../views/credits.ts';

/** Tells an account's owner what it holds from the commit on. */
export function announceBalance(em: EntityManager, account: AccountRow): void {
  emit(em, `user:${account.id}`, 'credits.changed', () => viewBalance(account));
}
