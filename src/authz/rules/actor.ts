import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

/** Who administers people of the whole system: whoever may suspend them. */
const administration = 'actors.suspend';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: `Everyone deletes their own account, with their password; anybody else’s only administrators, who may call ${administration}.`,
    procedures: ['actors.delete'],
  },
];

/** Whether the caller may delete the account of somebody else. */
export function mayDeleteOthers(access: Pick<Access, 'can'>): boolean {
  return access.can(administration);
}
