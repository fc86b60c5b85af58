/** What changes of the permission policy take. */
import { z } from 'zod';
import { describeRule } from '../authz/PolicyRule.ts';
import type { PolicyEdit } from '../domain/policies/planEdit.ts';
import { fail } from '../errors.ts';
import { policyRule } from '../views/policies.ts';
import { line } from './freeText.ts';

/** The policy's epoch that somebody read and decided on. */
export const policyEpoch = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Why the policy is changed, for its history. */
export const reason = line(500);

const change = z.object({ op: z.enum(['add', 'remove']), rule: policyRule });
type Change = z.output<typeof change>;

/** Rules to be added and removed; one and the same can only be the one or the other. */
export const changes = z
  .array(change)
  .min(1)
  .max(1000)
  .check(({ value, issues }) => {
    const ops = new Map<string, Change['op']>();
    for (const [index, { op, rule }] of value.entries()) {
      const text = describeRule(rule);
      if ((ops.get(text) ?? op) !== op)
        issues.push({
          code: 'custom',
          path: [index],
          message: 'is both added and removed',
          input: op,
        });
      ops.set(text, op);
    }
  });

/** The changes as one edit. */
export function toEdit(list: readonly Change[]): PolicyEdit {
  const rulesOf = (wanted: Change['op']) => list.filter(({ op }) => op === wanted).map(({ rule }) => rule);
  return { add: rulesOf('add'), remove: rulesOf('remove') };
}

/** Where a page of the history ended: the epoch of its last version. @throws CURSOR_INVALID */
export function readEpochCursor(cursor: string | null | undefined): number | null {
  if (!cursor) return null;
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : fail('CURSOR_INVALID');
}
