import { obstacleTo } from '../../authz/decide.ts';
import { decisiveRoles } from '../../authz/decisiveRoles.ts';
import { heldRoles } from '../../authz/heldRoles.ts';
import { splitPermission } from '../../authz/permissionNames.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';
import { type Profile, mostNamed } from './sql/readProfiles.ts';

/** Two policies, and the permissions on which at least one role has another cell in the one than in the other. */
export interface Difference {
  before: Snapshot;
  after: Snapshot;
  permissions: readonly string[];
  /** Permissions of the procedures that are called in a project; all others are called outside any. */
  inProjects: ReadonlySet<string>;
}

/** Some people: how many, and the ids of a few of them. */
export interface Affected {
  count: number;
  ids: string[];
}

interface Effect {
  gains: boolean;
  loses: boolean;
}

function allows(policy: Snapshot, roles: readonly string[], permission: string): boolean {
  const { grants, denies } = decisiveRoles(policy, permission);
  return roles.some((role) => grants.has(role)) && !roles.some((role) => denies.has(role));
}

/** What these roles, held together, get of the permissions, and what is taken from them. */
function weigh(
  { before, after }: Difference,
  roles: readonly string[],
  permissions: readonly string[],
): Effect {
  const effect = { gains: false, loses: false };
  for (const permission of permissions) {
    const [could, can] = [allows(before, roles, permission), allows(after, roles, permission)];
    effect.gains ||= !could && can;
    effect.loses ||= could && !can;
  }
  return effect;
}

const deleted = { roles: [], isSuspended: false, project: { id: '', state: 'deleted' }, key: null } as const;
const isDecidedInDeleted = (permission: string) =>
  obstacleTo(deleted, permission, splitPermission(permission)) === null;

function gather(profiles: readonly Profile[]): Affected {
  return {
    count: profiles.reduce((sum, { people }) => sum + people, 0),
    ids: profiles.flatMap(({ ids }) => ids).slice(0, mostNamed),
  };
}

/**
 * Who could do something after that they could not do before (`gains`), or the other way round (`loses`):
 * outside any project, or in one at least. Somebody may be in both.
 * @returns `people` counts everybody once.
 */
export function countAffected(
  profiles: readonly Profile[],
  difference: Difference,
): { people: number; gains: Affected; loses: Affected } {
  const { permissions, inProjects } = difference;
  const outside = permissions.filter((permission) => !inProjects.has(permission));
  const inside = permissions.filter((permission) => inProjects.has(permission));
  const inDeleted = inside.filter((permission) => isDecidedInDeleted(permission));
  const weighed = new Map<string, Effect>();
  const effectOn = (roles: readonly string[], asked: readonly string[]): Effect => {
    const key = `${asked === outside ? '*' : asked === inside ? 'live' : 'deleted'} ${roles.join(',')}`;
    const known = weighed.get(key) ?? weigh(difference, roles, asked);
    weighed.set(key, known);
    return known;
  };
  const all = profiles.map((profile) => {
    const { everywhere, places } = profile;
    const effects = [
      effectOn(heldRoles({ isSignedIn: true, given: everywhere, visibility: null }), outside),
      ...places.map(({ state, visibility, roles }) =>
        effectOn(
          heldRoles({ isSignedIn: true, given: [...everywhere, ...roles], visibility }),
          state === 'live' ? inside : inDeleted,
        ),
      ),
    ];
    return {
      profile,
      gains: effects.some(({ gains }) => gains),
      loses: effects.some(({ loses }) => loses),
    };
  });
  const those = (wanted: (effect: Effect) => boolean) =>
    gather(all.filter((effect) => wanted(effect)).map(({ profile }) => profile));
  return {
    people: those(({ gains, loses }) => gains || loses).count,
    gains: those(({ gains }) => gains),
    loses: those(({ loses }) => loses),
  };
}
