import type { FurtherRule } from './rules/FurtherRule.ts';
import { furtherRules as aboutActors } from './rules/actor.ts';
import { furtherRules as aboutComments } from './rules/comment.ts';
import { furtherRules as aboutCredits } from './rules/credit.ts';
import { furtherRules as aboutGrants } from './rules/grant.ts';
import { furtherRules as aboutOrganizations } from './rules/organization.ts';
import { furtherRules as aboutPolicies } from './rules/policy.ts';
import { furtherRules as aboutThreads } from './rules/thread.ts';
import { furtherRules as aboutTransfers } from './rules/transfer.ts';
import { furtherRules as aboutWebhooks } from './rules/webhook.ts';

/** Every rule of `rules/`: a test holds that each procedure that asks one is named there. */
export const furtherRules: readonly FurtherRule[] = [
  ...aboutActors,
  ...aboutComments,
  ...aboutCredits,
  ...aboutGrants,
  ...aboutOrganizations,
  ...aboutPolicies,
  ...aboutThreads,
  ...aboutTransfers,
  ...aboutWebhooks,
];

/** What a procedure asks of its caller after the roles have allowed the call: sentences, mostly none. */
export function furtherRulesOf(permission: string): string[] {
  return furtherRules.filter(({ procedures }) => procedures.includes(permission)).map(({ says }) => says);
}
