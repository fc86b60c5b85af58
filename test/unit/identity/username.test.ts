import { describe, expect, test } from 'vitest';
import { isReservedUsername, usernamePattern } from '../../../src/domain/identity/username.ts';

describe('usernames', () => {
  test.each(['a', 'Bob', 'al-ice_2', '42', 'a'.repeat(39)])('%s can be one', (name) => {
    expect(name).toMatch(usernamePattern);
  });

  test.each(['', '-a', 'a-', '_a', 'a b', 'a.b', 'é', 'a'.repeat(40), 'bob\n', '\u212Aate'])(
    '%j cannot',
    (name) => {
      expect(name).not.toMatch(usernamePattern);
    },
  );

  test('names that would pass for the system are reserved, however they are spelt', () => {
    for (const name of [
      'admin',
      'Root',
      'SYSTEM',
      'tessera',
      'anonymous',
      'no_reply',
      'a-d-m-i-n',
      'me',
      'ai',
    ]) {
      expect(isReservedUsername(name), name).toBe(true);
    }
    for (const name of ['bob', 'adminka', 'meg', 'constructor', 'tostring']) {
      expect(isReservedUsername(name), name).toBe(false);
    }
  });
});
