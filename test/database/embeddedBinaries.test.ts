import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { locateBinaries, provideBinaries } from '../../src/database/embedded/binaries.ts';
import { type Account, chooseAccount, spawnAs } from '../../src/database/embedded/runAs.ts';

let home: string;
let account: Account;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tessera-test-'));
  account = await chooseAccount(join(home, 'postgres'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

test('points to DATABASE_URL on a platform that has no binaries', () => {
  expect(() => locateBinaries('sunos', 'mips')).toThrow(
    expect.objectContaining({
      errorCode: 'DATABASE_NO_BINARIES',
      remedy: expect.stringContaining('DATABASE_URL'),
    }),
  );
});

describe.runIf(process.getuid?.() === 0)('the programs of PostgreSQL, run as root,', () => {
  test('are copied when only root can reach them, and the copy is mended', async () => {
    const places = [join(home, 'cache')];
    await chmod(home, 0o711);
    await mkdir(join(home, 'root-only'), { mode: 0o700 });
    const native = join(home, 'root-only', 'native');
    execFileSync('cp', ['-a', locateBinaries().native, native]);
    const installed = { native, version: '18.0.0' };
    const version = (folder: string) =>
      execFileSync(join(folder, 'bin', 'postgres'), ['--version'], { ...spawnAs(account), encoding: 'utf8' });
    expect(() => version(native)).toThrow('EACCES');

    const copy = await provideBinaries(account, installed, places);
    expect(copy.native).toBe(join(home, 'cache', 'postgres-18.0.0'));
    expect(version(copy.native)).toContain('PostgreSQL');
    const made = (await stat(copy.native)).ctimeMs;
    await provideBinaries(account, installed, places);
    expect((await stat(copy.native)).ctimeMs).toBe(made);

    await truncate(join(copy.native, 'bin', 'postgres'), 0);
    await provideBinaries(account, installed, places);
    expect(version(copy.native)).toContain('PostgreSQL');
    expect(await readdir(join(home, 'cache'))).toEqual(['postgres-18.0.0']);
  });

  test('are never run from a place that somebody else can write to', async () => {
    const place = join(home, 'cache');
    await mkdir(place);
    await chmod(place, 0o777);
    const installed = { native: join(home, 'missing'), version: '18.0.0' };
    await expect(provideBinaries(account, installed, [place])).rejects.toMatchObject({
      errorCode: 'DATABASE_START_FAILED',
    });
    expect(await readdir(place)).toEqual([]);
  });
});
