import { hash } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import {
  hashPassword,
  needsRehash,
  verifyAgainstNothing,
  verifyPassword,
} from '../../../src/domain/identity/passwords.ts';
import { startCpuClock } from '../../support/cpuClock.ts';

describe('passwords', () => {
  test('a password is known again by its hash, another is not', async () => {
    const made = await hashPassword('correct horse');
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(made, 'correct horse')).toBe(true);
    expect(await verifyPassword(made, 'correct horsf')).toBe(false);
    expect(await hashPassword('correct horse')).not.toBe(made);
  });

  test('the same password from another keyboard is the same', async () => {
    const made = await hashPassword('Zo\u00EB \uFB01ne \u212B');
    expect(await verifyPassword(made, 'Zoe\u0308 fine \u00C5')).toBe(true);
    expect(await verifyPassword(made, 'Zoe fine A')).toBe(false);
  });

  test('hashes with other parameters, and what is no hash, want renewing', async () => {
    expect(needsRehash(await hashPassword('x'))).toBe(false);
    expect(needsRehash(await hash('x', { memoryCost: 8_192, timeCost: 2, parallelism: 1 }))).toBe(true);
    expect(
      needsRehash(await hash('x', { algorithm: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1 })),
    ).toBe(true);
    expect(needsRehash('')).toBe(true);
    expect(needsRehash('$2b$10$abcdefghijklmnopqrstuv')).toBe(true);
  });

  test('a damaged hash is an error, not a wrong password', async () => {
    await expect(verifyPassword('not a hash', 'x')).rejects.toThrow();
  });

  test('an account that does not exist is refused at the cost of one that does', async () => {
    const made = await hashPassword('x');
    async function spendLeast(call: () => Promise<boolean>): Promise<number> {
      let least = Number.POSITIVE_INFINITY;
      for (let n = 0; n < 5; n++) {
        const spent = startCpuClock();
        expect(await call()).toBe(false);
        least = Math.min(least, spent());
      }
      return least;
    }
    const real = await spendLeast(() => verifyPassword(made, 'y'));
    const nothing = await spendLeast(() => verifyAgainstNothing('y'));
    // Generous; skipping the hash would be a thousandth.
    expect(nothing / real).toBeGreaterThan(0.2);
    expect(nothing / real).toBeLessThan(5);
  });
});
