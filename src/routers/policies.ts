import { changePolicy } from '../domain/policies/changePolicy.ts';
import { describeMatrix } from '../domain/policies/describeMatrix.ts';
import { proposePolicy } from '../domain/policies/proposePolicy.ts';
import { planRollback, rollbackPolicy } from '../domain/policies/rollbackPolicy.ts';
import { readTogether } from '../database/readTogether.ts';
import type { PolicyVersionView } from '../views/policies.ts';
import { page, type Page } from '../views/paging.ts';
import { listPolicyVersions } from '../views/sql/listPolicyVersions.ts';
import { inTurn } from './inTurn.ts';
import { changes, policyEpoch, readEpochCursor, reason, toEdit } from './policyFields.ts';
import { policyAnswers } from './policyAnswers.ts';
import { policyFiles } from './policyFiles.ts';
import { policyFixtures } from './policyFixtures.ts';
import { instance, procedures } from './trpc.ts';
import { watchPolicy } from './watchPolicy.ts';

/** Permissions of the procedures that are called in a project. */
const inProjects = () =>
  new Set(
    [...procedures.values()].filter(({ scope }) => scope === 'project').map(({ permission }) => permission),
  );

/**
 * A plain record, not a `router()`: that refuses the name `apply`, for the sake of server-side callers, whose
 * procedures are functions. Clients call `policies.apply.mutate()`, which is no function's own `apply`.
 */
export const policies = {
  /** Roles × procedures: what each role may do by itself, by which rule of its own or inherited, wildcards spelt out. */
  matrix: instance.query('policies.matrix', {}, ({ ctx }) =>
    readTogether(ctx.orm, (em) => describeMatrix(em, [...procedures.values()])),
  ),

  /**
   * The epoch of the policy that is in force, and again whenever it is another, whoever changed it and by whatever
   * way: what was read of the policy is then to be read anew.
   */
  watch: instance.subscription('policies.watch', {}, ({ ctx }) => watchPolicy(ctx)),

  /**
   * What changes would do, and what would refuse them, without making them. A mutation only so that many
   * changes have room: it writes nothing, and waits for nobody.
   */
  propose: instance.mutation('policies.propose', { changes, baseEpoch: policyEpoch }, ({ ctx, input }) =>
    inTurn(() =>
      readTogether(ctx.orm, (em) =>
        proposePolicy(em, toEdit(input.changes), {
          baseEpoch: input.baseEpoch,
          editor: ctx.access,
          inProjects: inProjects(),
        }),
      ),
    ),
  ),

  /**
   * Adds and removes rules, all of them or none, as one version. `baseEpoch` is what was read and decided on;
   * changes that come to nothing are left out of what is answered as added and removed.
   */
  apply: instance.mutation(
    'policies.apply',
    { changes, baseEpoch: policyEpoch, reason },
    ({ ctx, input: { baseEpoch, reason: why, changes: list } }) =>
      ctx.write(
        (em) => changePolicy(em, toEdit(list), { baseEpoch, reason: why, editor: ctx.access }),
        (change) => change,
      ),
  ),

  /** Versions of the policy, newest first: who changed what and why, changes made directly in the database included. */
  history: instance.query(
    'policies.history',
    page,
    async ({ ctx, input }): Promise<Page<PolicyVersionView>> => {
      const rows = await listPolicyVersions(ctx.reads, readEpochCursor(input.cursor), input.limit + 1);
      const items = rows.slice(0, input.limit);
      return { items, nextCursor: rows.length > input.limit ? String(items.at(-1)?.epoch) : null };
    },
  ),

  /**
   * Brings the policy back to what it was at an epoch of its history, as a new version. Who has which role
   * stays as it is; rules of roles that are no more are left out, and named in the answer.
   */
  rollback: instance.mutation(
    'policies.rollback',
    { epoch: policyEpoch, baseEpoch: policyEpoch.optional(), reason },
    ({ ctx, input: { epoch, baseEpoch = null, reason: why } }) =>
      ctx.write(
        (em) => rollbackPolicy(em, epoch, { baseEpoch, reason: why, editor: ctx.access }),
        (change) => change,
      ),
  ),

  /**
   * What `rollback` to that epoch would do, and what would refuse it, without doing it; with `leftOut`, the rules of
   * then that it would not bring back.
   */
  proposeRollback: instance.query(
    'policies.proposeRollback',
    { epoch: policyEpoch, baseEpoch: policyEpoch.optional() },
    ({ ctx, input: { epoch, baseEpoch = null } }) =>
      inTurn(() =>
        readTogether(ctx.orm, async (em) => {
          const { edit, leftOut } = await planRollback(em, epoch);
          const about = { baseEpoch, editor: ctx.access, inProjects: inProjects() };
          return { ...(await proposePolicy(em, edit, about)), leftOut };
        }),
      ),
  ),

  ...policyAnswers,
  ...policyFixtures,
  ...policyFiles,
};
