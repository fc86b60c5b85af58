import { type Reason, type Situation, judge } from '../../authz/decide.ts';
import { heldRoles } from '../../authz/heldRoles.ts';
import { describeRule } from '../../authz/PolicyRule.ts';
import type { Snapshot } from '../../authz/Snapshot.ts';
import type { Fixture, Given } from './parseFixture.ts';

/** What came of one expectation. */
export interface FixtureResult {
  /** Name of the fixture. */
  fixture: string;
  /** Name of the test in it. */
  test: string;
  /** Of the expectation, from 1. */
  line: number;
  permission: string;
  expected: 'allow' | 'deny';
  found: 'allow' | 'deny';
  /** The rule that decided, as a line of the policy file; null: none matches, or an API key does not reach so far. */
  rule: string | null;
  reason: Reason;
  /** Where it does not hold, and by what, for people; without a full stop. null: it holds. */
  sentence: string | null;
}

/** An expectation that does not hold. */
export interface FixtureFailure extends FixtureResult {
  sentence: string;
}

const project = { id: 'fixture', state: 'open' } as const;

/** The situation that a test supposes, as a call of such a caller would find it. */
function toSituation({ isSignedIn, roles, project: kind, scopes }: Given): Situation {
  const given = roles.map(({ text }) => `role:${text}`);
  return {
    roles: heldRoles({ isSignedIn, given, visibility: kind === 'none' ? null : kind }),
    isSuspended: false,
    project: kind === 'none' ? null : project,
    key: scopes && { scopes: scopes.map(({ text }) => text), projectIds: null },
  };
}

const because: Partial<Record<Reason, string>> = {
  noRule: 'because no rule allows it',
  keyClosed: 'because no API key reaches it',
  keyScope: "because the API key's scopes do not cover it",
};

/** Where the expectation does not hold, and why not. */
function explain({
  fixture,
  test,
  line,
  permission,
  expected,
  found,
  rule,
  reason,
}: Omit<FixtureResult, 'sentence'>): string {
  const outcome = found === 'allow' ? 'it is allowed' : 'it is denied';
  const cause = rule === null ? because[reason] : `by the rule ${rule}`;
  const wanted = expected === 'allow' ? 'allowed' : 'denied';
  return `${fixture}, line ${line} (${test}): ${permission} should be ${wanted}, but ${outcome} ${cause ?? ''}`.trimEnd();
}

/** Decides every expectation of a fixture, in its order. */
export function runFixture(fixture: string, { tests }: Fixture, snapshot: Snapshot): FixtureResult[] {
  return tests.flatMap(({ name, given, expectations }) => {
    const situation = toSituation(given);
    return expectations.map(({ permission, expected, line }) => {
      const { allowed, rule, reason } = judge(snapshot, situation, permission);
      const found = allowed ? 'allow' : 'deny';
      const result = { fixture, test: name, line, permission, expected, found, reason } as const;
      const facts = { ...result, rule: rule && describeRule(rule) };
      return { ...facts, sentence: found === expected ? null : explain(facts) };
    });
  });
}
