import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase62 } from '../../../src/domain/identity/base62.ts';
import {
  checkApiKeyFormat,
  hashToken,
  makeApiKey,
  makeMailToken,
  makeSessionToken,
} from '../../../src/domain/identity/secrets.ts';

describe('secrets', () => {
  test('each kind has its prefix and 32 random bytes in base 62', () => {
    expect(makeSessionToken()).toMatch(/^tss_[0-9A-Za-z]{43}$/);
    expect(makeMailToken()).toMatch(/^tsm_[0-9A-Za-z]{43}$/);
    expect(makeApiKey()).toMatch(/^tsk_[0-9A-Za-z]{49}$/);
    const many = Array.from({ length: 500 }, makeSessionToken);
    expect(new Set(many).size).toBe(500);
  });

  test('an API key made here has the right checksum', () => {
    for (let n = 0; n < 200; n++) expect(checkApiKeyFormat(makeApiKey())).toBe(true);
  });

  test('an API key with a mistyped, missing or added character is seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 52 }),
        fc.constantFrom(...'aZ09-_ é'.split('')),
        (at, character) => {
          const key = makeApiKey();
          fc.pre(key[at] !== character);
          expect(checkApiKeyFormat(key.slice(0, at) + character + key.slice(at + 1))).toBe(false);
          expect(checkApiKeyFormat(key.slice(0, at) + key.slice(at + 1))).toBe(false);
          expect(checkApiKeyFormat(key.slice(0, at) + character + key.slice(at))).toBe(false);
        },
      ),
    );
    expect(checkApiKeyFormat('')).toBe(false);
    expect(checkApiKeyFormat(makeApiKey().replace('tsk_', 'tss_'))).toBe(false);
    expect(checkApiKeyFormat(`${makeApiKey()}\n`)).toBe(false);
  });

  test('a secret is kept as its SHA-256', () => {
    expect(hashToken('abc')).toEqual(createHash('sha256').update('abc').digest());
    expect(hashToken('abc')).toBeInstanceOf(Buffer);
  });

  test('base 62 keeps the number and its length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = encodeBase62(bytes);
        expect(text).toHaveLength(43);
        let number = 0n;
        for (const character of text) {
          const digit = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.indexOf(character);
          number = number * 62n + BigInt(digit);
        }
        expect(number.toString(16).padStart(64, '0')).toBe(Buffer.from(bytes).toString('hex'));
      }),
    );
    expect(encodeBase62(new Uint8Array([255, 255, 255, 255]))).toBe('4gfFC3');
    expect(encodeBase62(new Uint8Array())).toBe('');
  });
});
