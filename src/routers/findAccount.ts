import type { mayUseAccount } from '../authz/rules/credit.ts';
import { fail } from '../errors.ts';
import { readAccountRole } from '../views/sql/credits/readAccountRole.ts';
import type { Call } from './Call.ts';

/**
 * The account that a call is about: the caller's own when none is named.
 * @param access what the caller may do now, where the call began long ago.
 * @throws NOT_FOUND (account), also for one that the caller may not see.
 */
export async function findAccount(
  ctx: Call,
  accountId: string | undefined,
  mayUse: typeof mayUseAccount,
  access: Pick<Call['access'], 'can'> = ctx.access,
): Promise<string> {
  const callerId = ctx.actor.id;
  if (accountId === undefined || accountId === callerId) return callerId;
  const role = await readAccountRole(ctx.reads, { accountId, callerId });
  if (role === undefined || !mayUse(access, callerId, { id: accountId, role }))
    fail('NOT_FOUND', { thing: 'account' });
  return accountId;
}
