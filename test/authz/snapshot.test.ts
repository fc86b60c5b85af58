import { describe, expect, test } from 'vitest';
import { defaultRules } from '../../src/authz/defaultPolicy.ts';
import { fromLine } from '../../src/authz/PolicyRule.ts';
import { Snapshot } from '../../src/authz/Snapshot.ts';

const snapshotOf = (...lines: string[][]) =>
  Snapshot.of(
    lines.map((line) => fromLine(line)).filter((rule) => rule !== undefined),
    1,
  );
const everything = () => true;

// That its decisions are Casbin's is held by oracle.test.ts.
describe('a snapshot', () => {
  test('lets deny win over allow, and denies what no rule names', async () => {
    const snapshot = await snapshotOf(
      ['p', 'role:a', '*', '*', 'allow'],
      ['p', 'role:suspended', '*', '*', 'deny'],
    );
    expect(snapshot.allows(['role:a'], 'projects', 'get')).toBe(true);
    expect(snapshot.allows(['role:a', 'role:suspended'], 'projects', 'get')).toBe(false);
    expect(snapshot.allows([], 'projects', 'get')).toBe(false);
    expect((await snapshotOf()).allows(['role:a'], 'projects', 'get')).toBe(false);
  });

  test('answers the same however the roles are ordered, and after more questions than it remembers', async () => {
    const snapshot = await snapshotOf(...defaultRules());
    expect(snapshot.allows(['role:user', 'role:editor'], 'comments', 'add')).toBe(true);
    expect(snapshot.allows(['role:editor', 'role:user'], 'comments', 'add')).toBe(true);
    const strangers = Array.from({ length: 51_000 }, (_, number) => `role:stranger${number}`);
    expect(strangers.some((stranger) => snapshot.allows([stranger], 'comments', 'add'))).toBe(false);
    expect(snapshot.allows(['role:editor', 'role:user'], 'comments', 'add')).toBe(true);
  });

  test('says that a role is covered only by who is allowed all that it allows, inherited permissions too', async () => {
    const snapshot = await snapshotOf(...defaultRules());
    expect(snapshot.covers(['role:owner'], 'role:manager', everything)).toBe(true);
    expect(snapshot.covers(['role:manager'], 'role:owner', everything)).toBe(false);
    expect(snapshot.covers(['role:owner'], 'role:admin', everything)).toBe(false);
    expect(snapshot.covers(['role:admin'], 'role:owner', everything)).toBe(true);
    // A key whose scopes leave out one permission of the role does not cover it.
    expect(
      snapshot.covers(
        ['role:owner'],
        'role:viewer',
        (object, action) => `${object}.${action}` !== 'jobs.get',
      ),
    ).toBe(false);
  });
});
