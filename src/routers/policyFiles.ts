/** Procedures of `policies` that write and read it as a file in Casbin's own format. */
import { z } from 'zod';
import { hideProject } from '../authz/refuse.ts';
import { maySeeAll } from '../authz/rules/policy.ts';
import { modelText } from '../authz/Snapshot.ts';
import { rehearse } from '../database/rehearse.ts';
import { exportWhole } from '../domain/policies/exportPolicy.ts';
import { type PolicyImport, importPolicy } from '../domain/policies/importPolicy.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { freeText } from './freeText.ts';
import { policyEpoch, reason } from './policyFields.ts';
import { instance } from './trpc.ts';

const view = ({ epoch, added, removed, ignored }: PolicyImport): PolicyImport => ({
  epoch,
  added,
  removed,
  ignored,
});

export const policyFiles = {
  /**
   * The policy as a file that other Casbin tools read, and the model for it; with `memberships`, who holds
   * which role where (with `projectId`, in that project and everywhere) is spelt out in rules too.
   */
  export: instance.query(
    'policies.export',
    { memberships: z.boolean().default(false), projectId: uuid.optional() },
    async ({ ctx, input: { memberships, projectId = null } }) => {
      if (projectId !== null) {
        const there = await ctx.authorizer.access(ctx.origin.tokenHash, projectId);
        if (!there.can('projects.get')) hideProject(there);
      } else if (memberships && !maySeeAll(ctx.access))
        fail('FORBIDDEN', { permission: 'projects.get in every project' });
      const { epoch, policy } = await exportWhole(ctx.reads, { memberships, projectId });
      return { epoch, model: modelText, policy };
    },
  ),

  /**
   * Makes the rules of a file the whole policy; its lines about people are counted and ignored. With `dryRun`
   * nothing changes, and the answer tells what would.
   */
  import: instance.mutation(
    'policies.import',
    { policy: freeText(1_000_000, 1), baseEpoch: policyEpoch, reason, dryRun: z.boolean().default(false) },
    async ({ ctx, input }) => {
      const { baseEpoch } = input;
      const run: Parameters<typeof rehearse<PolicyImport>>[2] = (em) =>
        importPolicy(em, input.policy, { baseEpoch, reason: input.reason, editor: ctx.access });
      if (!input.dryRun) return ctx.write(run, view);
      return view({ ...(await rehearse(ctx.orm, ctx.cause, run)), epoch: baseEpoch });
    },
  ),
};
