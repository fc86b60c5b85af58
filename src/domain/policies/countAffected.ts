import { obstacleTo } from '../../authz/decide.ts';
import { decisiveRoles } from '../../authz/decisiveRoles.ts';
import { heldRoles } from '../../authz/heldRoles.ts';
import { splitPermission } from '../../authz/permissionNames.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';
import type { Profile } from './sql/readProfiles.ts';

/** Two policies, and the permissions on which at least one role has another cell in the one than in the other. */
export interface Difference {
  before: Snapshot;
  after: Snapshot;
  permissions: readonly string[];
  /** Permissions of the procedures that are called in a project; all others are called outside any. */
  inProjects: ReadonlySet<string>;
}

function allows(policy: Snapshot, roles: readonly string[], permission: string): boolean {
  const { grants, denies } = decisiveRoles(policy, permission);
  return roles.some((role) => grants.has(role)) && !roles.some((role) => denies.has(role));
}

/** Whether these roles, held together, are decided otherwise on one of the permissions. */
function differs(
  { before, after }: Difference,
  roles: readonly string[],
  permissions: readonly string[],
): boolean {
  return permissions.some(
    (permission) => allows(before, roles, permission) !== allows(after, roles, permission),
  );
}

const deleted = { roles: [], isSuspended: false, project: { id: '', state: 'deleted' }, key: null } as const;
const isDecidedInDeleted = (permission: string) =>
  obstacleTo(deleted, permission, splitPermission(permission)) === null;

/**
 * How many people could do something after that they could not do before, or the other way round: outside
 * any project, or in one at least.
 */
export function countAffected(profiles: readonly Profile[], difference: Difference): number {
  const { permissions, inProjects } = difference;
  const outside = permissions.filter((permission) => !inProjects.has(permission));
  const inside = permissions.filter((permission) => inProjects.has(permission));
  const inDeleted = inside.filter((permission) => isDecidedInDeleted(permission));
  const decided = new Map<string, boolean>();
  const isAffected = (roles: readonly string[], asked: readonly string[]): boolean => {
    const key = `${asked === outside ? '*' : asked === inside ? 'live' : 'deleted'} ${roles.join(',')}`;
    const known = decided.get(key) ?? differs(difference, roles, asked);
    decided.set(key, known);
    return known;
  };
  return profiles
    .filter(
      ({ everywhere, places }) =>
        isAffected(heldRoles({ isSignedIn: true, given: everywhere, visibility: null }), outside) ||
        places.some(({ state, visibility, roles }) =>
          isAffected(
            heldRoles({ isSignedIn: true, given: [...everywhere, ...roles], visibility }),
            state === 'live' ? inside : inDeleted,
          ),
        ),
    )
    .reduce((sum, { people }) => sum + people, 0);
}
