/** What Casbin cannot say of offers of projects: it depends on to whom each was made. */
import type { FurtherRule } from './FurtherRule.ts';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: 'An offer of a project is answered by whom it was made to: the person, or an owner of the organization.',
    procedures: ['projects.acceptTransfer', 'projects.declineTransfer'],
  },
  {
    says: 'A project becomes one’s own, or that of an organization that one owns, at once; anybody else must accept it first.',
    procedures: ['projects.transfer'],
  },
];

/**
 * Whether somebody speaks for an account: their own, or that of an organization that they own.
 * @param role of theirs in the organization; null: none
 */
export function speaksFor(callerId: string, accountId: string, role: 'owner' | 'member' | null): boolean {
  return callerId === accountId || role === 'owner';
}
