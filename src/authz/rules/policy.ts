/** What Casbin cannot say of answers about the policy, because it depends on the project that is asked about. */
import type { Access } from '../Authorizer.ts';
import type { FurtherRule } from './FurtherRule.ts';

/** Who may see a project. */
const seeing = 'projects.get';

export const furtherRules: readonly FurtherRule[] = [
  {
    says: `Who may do what in a project is told to who may call ${seeing} there.`,
    procedures: ['policies.explain', 'policies.whoCan', 'policies.whatCan', 'policies.export'],
  },
  {
    says: `The memberships of all projects are exported by who may call ${seeing} in every one.`,
    procedures: ['policies.export'],
  },
];

/** Whether the caller may see all projects there are. @param access outside any project */
export function maySeeAll(access: Pick<Access, 'projectsWhere'>): boolean {
  const { isEverywhere, isEmpty } = access.projectsWhere(seeing);
  return isEverywhere && !isEmpty;
}

/**
 * Whether the caller may be told who may do what in a project. Of one that is deleted, or that there is not,
 * who may see all projects may know just that.
 * @param access outside any project
 * @param there in the project
 */
export function maySeeAccess(
  access: Pick<Access, 'projectsWhere'>,
  there: Pick<Access, 'can' | 'judge'>,
): boolean {
  if (there.can(seeing)) return true;
  const { reason } = there.judge(seeing);
  return (reason === 'projectDeleted' || reason === 'noSuchProject') && maySeeAll(access);
}
