/**
 * Who holds which roles, and how far an API key lets them reach: pure, so that a decision about a call and
 * one that is only supposed (a fixture, an explanation) come out of the same lines.
 */

/** What of an actor decides which roles they hold. */
export interface Holder {
  /** false: nobody is signed in. */
  isSignedIn: boolean;
  /** Roles given in this project, in person or through an organization, and everywhere; with their prefix. */
  given: readonly string[];
  /** Of the project; null outside any. */
  visibility: 'public' | 'private' | null;
}

/** The direct roles, those included that everyone has; without what they inherit. */
export function heldRoles({ isSignedIn, given, visibility }: Holder): string[] {
  if (!isSignedIn) return ['role:anonymous'];
  const roles = ['role:anonymous', 'role:authenticated', 'role:user', ...given];
  if (visibility === 'public') roles.push('role:guest');
  return roles;
}

/** Objects that no API key reaches, whatever its scopes say. */
export const closedToApiKeys = new Set(['auth', 'apiKeys', 'policies', 'roles']);

/** What an API key is limited to. */
export interface KeyLimit {
  /** `*`, `object.*` or `object.action` each. */
  scopes: readonly string[];
  /** null: its owner's projects, all of them. */
  projectIds: readonly string[] | null;
}

/** Whether a credential reaches all that its owner may: a session (null), or a key that nothing limits. */
export function isUnlimited(key: KeyLimit | null): boolean {
  return key === null || (key.projectIds === null && key.scopes.includes('*'));
}

/** `object.action`, `object.*` or `*`. */
function scopeCovers(scope: string, object: string, action: string): boolean {
  return scope === '*' || scope === `${object}.*` || scope === `${object}.${action}`;
}

/** What keeps an API key from a call: an object closed to keys, its list of projects, or its scopes. */
export type KeyObstacle = 'keyClosed' | 'keyProject' | 'keyScope';

/** What keeps a key from a call of `object.action` in this project (null: outside any); null: nothing. */
export function keyObstacle(
  { scopes, projectIds }: KeyLimit,
  projectId: string | null,
  object: string,
  action: string,
): KeyObstacle | null {
  if (closedToApiKeys.has(object)) return 'keyClosed';
  // A key limited to projects reaches nothing outside them either.
  if (projectIds && (projectId === null || !projectIds.includes(projectId))) return 'keyProject';
  return scopes.some((scope) => scopeCovers(scope, object, action)) ? null : 'keyScope';
}

/** Whether a key's scopes and projects let a call of `object.action` in this project (null: outside any) through. */
export function keyReaches(key: KeyLimit, projectId: string | null, object: string, action: string): boolean {
  return keyObstacle(key, projectId, object, action) === null;
}
