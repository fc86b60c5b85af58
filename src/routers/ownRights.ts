/** What the caller may do: once, and live. */
import type { Access } from '../authz/Authorizer.ts';
import { permissionNames } from '../authz/permissionNames.ts';
import { hideProject, refuse } from '../authz/refuse.ts';
import { LaneWatch, type Reauthorizer } from '../events/watch.ts';
import type { RightsView } from '../views/access.ts';
import type { Call } from './Call.ts';
import { isInProject } from './trpc.ts';

/** What takes no project is decided outside any, whatever roles one has in this one. */
function describeRights(outside: Access, there: Access): RightsView {
  const permissions = permissionNames.filter((name) => (isInProject(name) ? there : outside).can(name));
  return { roles: there.roles.map((role) => role.slice('role:'.length)), permissions };
}

/** The caller's rights outside any project, or in one. @throws NOT_FOUND for a project they may do nothing in. */
export async function readRights(ctx: Call, projectId: string | undefined): Promise<RightsView> {
  const there =
    projectId === undefined ? ctx.access : await ctx.authorizer.access(ctx.origin.tokenHash, projectId);
  const rights = describeRights(ctx.access, there);
  if (projectId !== undefined && !rights.permissions.some(isInProject)) hideProject(there);
  return rights;
}

/** Rights that were told: one object for all who have the same, so that it is kept and made into a frame once. */
const told = new Map<string, RightsView>();
const mostTold = 1_000;

function shared(rights: RightsView): RightsView {
  const name = JSON.stringify(rights);
  const known = told.get(name);
  if (known) return known;
  if (told.size >= mostTold) told.clear();
  told.set(name, rights);
  return rights;
}

const isSame = (one: RightsView, other: RightsView) =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

/** Whichever was decided by older facts stands no longer than these. */
const bothAt = (one: Access, other: Access) => ({
  policyEpoch: Math.min(one.policyEpoch, other.policyEpoch),
  accessEpoch: Math.min(one.accessEpoch, other.accessEpoch),
});

/**
 * The caller's rights as they stand, and again whenever a decision made anew finds others.
 * @throws NOT_FOUND for a project they may do nothing in.
 */
export async function watchRights(ctx: Call, projectId: string | undefined): Promise<LaneWatch<RightsView>> {
  await readRights(ctx, projectId);
  const { authorizer, origin, actor } = ctx;
  const { tokenHash } = origin;
  let latest: RightsView | undefined;
  let news: RightsView | undefined;
  const decide: Reauthorizer['decide'] = async () => {
    const [outside, there] = await Promise.all([
      authorizer.accessInBatch(tokenHash, null),
      authorizer.accessInBatch(tokenHash, projectId ?? null),
    ]);
    if (!outside.can('auth.watch')) refuse(outside, 'auth.watch');
    const rights = shared(describeRights(outside, there));
    news = latest && isSame(latest, rights) ? undefined : rights;
    return { ...there, ...bothAt(outside, there) };
  };
  return new LaneWatch<RightsView>(ctx.feed, {
    stream: `user:${actor.id}`,
    lane: 'rights',
    wants: () => true,
    reauthorizer: { decide },
    decided: () => {
      const value = news;
      news = undefined;
      latest = value ?? latest;
      return value;
    },
  });
}
