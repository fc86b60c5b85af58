import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

/** Who keeps everybody's accounts: whoever may grant credits. */
const administration = 'credits.grant';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: `The account of an organization is used by its owners; anybody else’s only by administrators, who may call ${administration}.`,
    procedures: [
      'credits.balance',
      'credits.history',
      'credits.holds',
      'credits.watch',
      'payments.checkout',
      'payments.transactions',
      'payments.receipt',
    ],
  },
];

/**
 * Whether the caller may see an account and buy for it.
 * @param account.role of the caller in the organization whose account it is; null: none.
 */
export function mayUseAccount(
  access: Pick<Access, 'can'>,
  callerId: string,
  account: { id: string; role: 'owner' | 'member' | null },
): boolean {
  return account.id === callerId || account.role === 'owner' || access.can(administration);
}
