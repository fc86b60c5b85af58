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
    says: 'Nobody suspends or deletes a person whose roles everywhere allow more than their own.',
    procedures: ['actors.suspend', 'actors.delete'],
  },
  {
    says: 'Nobody makes or removes rules about more than their own roles allow.',
    procedures: ['policies.apply', 'policies.rollback', 'policies.import', 'roles.create', 'roles.delete'],
  },
];

/** Whether the caller may give a role, or take it away: nobody can grant what they do not hold. */
export function mayGrant(access: Pick<Access, 'holds'>, role: string): boolean {
  return access.holds(role);
}
