import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: 'Nobody gives or takes away a role that allows more than their own roles do.',
    procedures: [
      'members.add',
      'members.setRole',
      'members.remove',
      'projects.transfer',
      'roles.assign',
      'roles.unassign',
    ],
  },
  {
    says: 'Nobody makes rules that allow more than their own roles do.',
    procedures: ['policies.apply', 'policies.rollback', 'policies.import', 'roles.create', 'roles.delete'],
  },
];

/** Whether the caller may give a role, or take it away: nobody can grant what they do not hold. */
export function mayGrant(access: Pick<Access, 'holds'>, role: string): boolean {
  return access.holds(role);
}
