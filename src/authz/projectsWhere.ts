/**
 * In which projects somebody may do something, as a plain value that a list's SQL narrows itself by
 * (views/sql/projectScope.ts): so nothing is loaded that the caller may not see, and nothing counted.
 */
import { type Situation, obstacleTo } from './decide.ts';
import { decisiveRoles } from './decisiveRoles.ts';
import { splitPermission } from './permissionNames.ts';
import type { Snapshot } from './Snapshot.ts';

export interface ProjectScope {
  /** Whose roles in projects count, in person or through an organization; null: nobody is signed in. */
  actorId: string | null;
  /** true: there is no such project, whatever else is said here. */
  isEmpty: boolean;
  /** Whether what they hold everywhere grants it in every project. */
  isEverywhere: boolean;
  /** What a project's being public does; null: nothing. */
  whenPublic: 'grant' | 'deny' | null;
  /** Roles with their prefix: one of them, held in a project, grants it there. */
  grantedBy: readonly string[];
  /** Roles with their prefix: one of them, held in a project, denies it there. */
  deniedBy: readonly string[];
  /** The only projects that the API key reaches; null: all. */
  projectIds: readonly string[] | null;
  /** Whether deleted projects are among them: only to restore them. */
  withDeleted: boolean;
}

const hasAny = (roles: readonly string[], wanted: ReadonlySet<string>) =>
  roles.some((role) => wanted.has(role));

/**
 * @param situation of the caller outside any project: its roles are those held everywhere.
 * @param actorId null: nobody is signed in.
 */
export function projectsWhere(
  snapshot: Snapshot,
  situation: Situation,
  actorId: string | null,
  permission: string,
): ProjectScope {
  if (situation.project) throw new Error('Where somebody may do something is asked outside any project.');
  const { roles, key } = situation;
  const { grants, denies } = decisiveRoles(snapshot, permission);
  // The key's list of projects is part of the answer, so it is no obstacle here.
  const anywhere = { ...situation, key: key && { ...key, projectIds: null } };
  const isRefused = obstacleTo(anywhere, permission, splitPermission(permission)) !== null;
  const isEverywhere = hasAny(roles, grants);
  return {
    actorId,
    isEmpty: isRefused || hasAny(roles, denies) || (actorId === null && !isEverywhere),
    isEverywhere,
    whenPublic:
      actorId === null ? null : denies.has('role:guest') ? 'deny' : grants.has('role:guest') ? 'grant' : null,
    grantedBy: [...grants],
    deniedBy: [...denies],
    projectIds: key?.projectIds ?? null,
    withDeleted: permission === 'projects.restore',
  };
}
