import { heldRoles } from '../../authz/heldRoles.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';

/** Somebody whom a policy would keep from what must always be possible. */
export interface FloorFault {
  who: string;
  permission: string;
}

/** What everyone signed in can do, whatever role they are given. */
const floor = [
  ['auth', 'logout'],
  ['auth', 'me'],
] as const;

/**
 * What no policy may take: who is signed out can sign in; who is signed in can sign out and see their own
 * account, with each of the roles.
 * @param roles names of all that can be held.
 */
export function* findFloorFaults(policy: Snapshot, roles: Iterable<string>): Generator<FloorFault> {
  const signedOut = heldRoles({ isSignedIn: false, given: [], visibility: null });
  if (!policy.allows(signedOut, 'auth', 'login'))
    yield { who: 'everyone who is signed out', permission: 'auth.login' };
  const lost = new Set<string>();
  const judge = function* (given: readonly string[], who: string): Generator<FloorFault> {
    const held = heldRoles({ isSignedIn: true, given, visibility: null });
    for (const [object, action] of floor) {
      const permission = `${object}.${action}`;
      if (lost.has(permission) || policy.allows(held, object, action)) continue;
      if (given.length === 0) lost.add(permission);
      yield { who, permission };
    }
  };
  yield* judge([], 'everyone who is signed in');
  for (const role of roles) yield* judge([`role:${role}`], `everyone with the role ${role}`);
}
