import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SecretBox } from '../../../src/drivers/secrets/SecretBox.ts';
import { openSecretBox } from '../../../src/drivers/secrets/openSecretBox.ts';
import { readSettings } from '../../../src/settings.ts';

const [one, two] = [randomBytes(32), randomBytes(32)];

describe('a box for secrets', () => {
  test('derives other keys for other purposes, the newest first, and the same again', () => {
    const derive = (purpose: string, ...keys: [Buffer, ...Buffer[]]) =>
      new SecretBox(keys).deriveKeys(purpose);
    const [key] = derive('urls', one);
    expect(key.bytes).toHaveLength(32);
    expect(derive('urls', one)).toEqual([key]);
    expect(derive('urls', two, one)).toEqual([derive('urls', two)[0], key]);
    const others = [derive('other', one)[0].bytes, derive('urls', two)[0].bytes, one];
    expect(others.some((bytes) => bytes.equals(key.bytes))).toBe(false);
  });

  test.each(['', 'whsec_abc', 'ünï ☕ code', 'x'.repeat(100_000)])('gives back what was put in', (secret) => {
    const box = new SecretBox([one]);
    const sealed = box.seal(secret, 'webhook:1');
    expect(box.open(sealed, 'webhook:1')).toBe(secret);
    expect(box.seal(secret, 'webhook:1')).not.toBe(sealed);
  });

  test('opens only what is unchanged, and only as what it was sealed for', () => {
    const box = new SecretBox([one]);
    const sealed = box.seal('secret', 'webhook:1');
    expect(() => box.open(sealed, 'webhook:2')).toThrow();
    const [version, key, content = ''] = sealed.split('.');
    const bytes = Buffer.from(content, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(() => box.open(`${version}.${key}.${changed.toString('base64url')}`, 'webhook:1')).toThrow();
    }
    expect(() =>
      box.open(`${version}.${key}.${bytes.subarray(0, -1).toString('base64url')}`, 'webhook:1'),
    ).toThrow();
  });

  test('opens with an older key what was sealed before the keys were changed, and names one that is missing', () => {
    const sealed = new SecretBox([one]).seal('secret', 'x');
    const changed = new SecretBox([two, one]);
    expect(changed.open(sealed, 'x')).toBe('secret');
    expect(() => new SecretBox([one]).open(changed.seal('secret', 'x'), 'x')).toThrow(
      /was encrypted with the key [0-9a-f]{8}/,
    );
  });

  test('has a key of its own in the data directory, made once, also by two processes at once', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tessera-key-'));
    const boxes = await Promise.all(Array.from({ length: 5 }, () => openSecretBox({ DATA_DIR: dir })));
    const sealed = boxes[0]!.seal('secret', 'x');
    for (const box of boxes) expect(box.open(sealed, 'x')).toBe('secret');
    await rm(dir, { recursive: true });
  });

  test('takes its keys from the settings, which refuse what is no key without repeating it', async () => {
    const settings = readSettings({ SECRET_KEY: `${one.toString('base64')}, ${two.toString('hex')}` });
    expect(settings.SECRET_KEY).toEqual([one, two]);
    const box = await openSecretBox(settings);
    expect(box.open(new SecretBox([two]).seal('secret', 'x'), 'x')).toBe('secret');
    expect(() => readSettings({ SECRET_KEY: 'correct horse' })).toThrow(
      /^(?!.*horse).*SECRET_KEY=…: must be keys of 32 bytes/s,
    );
  });
});
