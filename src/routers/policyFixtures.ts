/** Procedures of `policies` that are about its fixtures. */
import { putFixture, removeFixture } from '../domain/policies/fixtures.ts';
import { testPolicy } from '../domain/policies/testPolicy.ts';
import { readTogether } from '../database/readTogether.ts';
import { viewFixture } from '../views/fixtures.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { listFixtures } from '../views/sql/listFixtures.ts';
import { freeText, line } from './freeText.ts';
import { inTurn } from './inTurn.ts';
import { changes, toEdit } from './policyFields.ts';
import { instance } from './trpc.ts';

const name = line(100);
const source = freeText(65_536, 1);

export const policyFixtures = {
  /** The stored fixtures with their source, oldest first. */
  fixtures: instance.query('policies.fixtures', page, async ({ ctx, input }) =>
    toPage(
      await listFixtures(ctx.reads, readCursor(input.cursor), input.limit + 1),
      input.limit,
      (fixture) => fixture,
    ),
  ),

  /** Stores a fixture under its name, in place of an earlier one; from then on no change of the policy may fail it. */
  putFixture: instance.mutation('policies.putFixture', { name, source }, ({ ctx, input }) =>
    ctx.write((em) => putFixture(em, ctx.actor.id, { name: input.name, source: input.source }), viewFixture),
  ),

  /** Removes a fixture. */
  removeFixture: instance.mutation('policies.removeFixture', { name }, ({ ctx, input }) =>
    ctx.write((em) => removeFixture(em, input.name), viewFixture),
  ),

  /**
   * Decides the stored fixtures, or the one in `source`, by the policy as it is, or as `changes` would make
   * it. Nothing is written; it is a mutation because a fixture is too long for an address. The numbers are of
   * all expectations, `results` of the first ones: where `isTruncated`, there are more.
   */
  test: instance.mutation(
    'policies.test',
    { source: source.optional(), changes: changes.optional() },
    ({ ctx, input }) => {
      const edit = toEdit(input.changes ?? []);
      return inTurn(() =>
        readTogether(ctx.orm, (em) => testPolicy(em, { source: input.source ?? null, edit })),
      );
    },
  ),
};
