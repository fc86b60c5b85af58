import { refuse } from '../authz/refuse.ts';
import { LaneWatch, type Reauthorizer } from '../events/watch.ts';
import type { PolicyEpochView } from '../views/policies.ts';
import type { Call } from './Call.ts';

/** Which version of the policy is in force, and again whenever it is another; for who may read the policy. */
export function watchPolicy(ctx: Call): LaneWatch<PolicyEpochView> {
  const { authorizer, origin, actor } = ctx;
  let told = -1;
  let latest = -1;
  const decide: Reauthorizer['decide'] = async () => {
    const access = await authorizer.accessInBatch(origin.tokenHash, null);
    if (!access.can('policies.watch')) refuse(access, 'policies.watch');
    latest = Math.max(latest, access.policyEpoch);
    return access;
  };
  return new LaneWatch<PolicyEpochView>(ctx.feed, {
    stream: `user:${actor.id}`,
    lane: 'policy',
    wants: () => true,
    reauthorizer: { decide },
    // A change of the policy makes every decision anew, so that it is known here by the change that it may be refused for.
    decided: () => {
      if (latest <= told) return undefined;
      told = latest;
      return { epoch: latest };
    },
  });
}
