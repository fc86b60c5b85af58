import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRepositoryUrl } from '../../src/drivers/git/checkRepositoryUrl.ts';
import { hashBlobs } from '../../src/drivers/git/hashBlobs.ts';
import { openInPlace } from '../../src/drivers/git/openInPlace.ts';
import type { Mirror, MirrorOptions } from '../../src/drivers/git/openMirror.ts';
import {
  type GitWorld,
  createGitWorld,
  findTestProcesses,
  listEntries,
  runTestGit,
} from './makeRepository.ts';

async function open(
  world: GitWorld,
  url: string,
  options: Partial<MirrorOptions> & { name?: string } = {},
): Promise<Mirror> {
  const { name = 'mirror', ...rest } = options;
  const source = await checkRepositoryUrl(url, { allowedPaths: [world.allowed], dataDir: world.dataDir });
  const signal = new AbortController().signal;
  const mirror = await openInPlace({ dir: join(world.dataDir, name), signal, ...rest, source });
  return mirror ?? expect.fail('the objects were not borrowed');
}

async function readAll(mirror: Mirror): Promise<Record<string, string>> {
  const texts = new Map<string, string>();
  const entries = await listEntries(mirror);
  const names = new Map<string, string>();
  await hashBlobs(mirror, [...new Set(entries.map(({ oid }) => oid))], {
    maxTextBytes: 1_000,
    onText: (sha256, bytes) => void texts.set(sha256, bytes.toString()),
    onHashed: ({ oid, sha256 }) => void names.set(oid, sha256),
  });
  return Object.fromEntries(entries.map(({ path, oid }) => [path, texts.get(names.get(oid) ?? '') ?? '']));
}

describe('a repository on this machine, read where it is', () => {
  test('gives the commit that was asked for and its files, and copies nothing', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': 'one', 'b.txt': 'two' });
    const first = runTestGit(repository, ['rev-parse', 'HEAD']);
    runTestGit(repository, ['tag', '--annotate', '--message', 'x', 'v1']);
    runTestGit(repository, ['gc', '--quiet']);
    const second = await world.commitFiles(repository, { 'a.txt': 'changed' });
    await using mirror = await open(world, repository);
    expect(mirror).toMatchObject({ commitSha: second, ref: 'refs/heads/main' });
    expect(await readAll(mirror)).toEqual({ 'a.txt': 'changed', 'b.txt': 'two' });
    await using tagged = await open(world, repository, { ref: 'v1' });
    expect(tagged.commitSha).toBe(first);
    expect(await readAll(tagged)).toEqual({ 'a.txt': 'one', 'b.txt': 'two' });
    expect(await readdir(join(mirror.dir, 'objects', 'pack'))).toEqual([]);
  });

  test('may be bare, shallow, a worktree, of SHA-256, or borrow objects itself', async () => {
    await using world = await createGitWorld();
    const origin = await world.createRepository('origin', { 'a.txt': '1' });
    const newest = await world.commitFiles(origin, { 'a.txt': '2' });
    runTestGit(world.allowed, ['clone', '--quiet', '--bare', origin, 'bare.git']);
    runTestGit(world.allowed, ['clone', '--quiet', '--depth=1', `file://${origin}`, 'shallow']);
    runTestGit(world.allowed, ['clone', '--quiet', '--shared', origin, 'borrowing']);
    runTestGit(origin, ['worktree', 'add', '--quiet', join(world.allowed, 'worktree'), '-b', 'side']);
    for (const name of ['bare.git', 'shallow', 'borrowing', 'worktree']) {
      await using mirror = await open(world, join(world.allowed, name), { name });
      expect([name, mirror.commitSha, await readAll(mirror)]).toEqual([name, newest, { 'a.txt': '2' }]);
    }
    runTestGit(world.allowed, ['init', '--quiet', '--object-format=sha256', 'sha256']);
    const commit = await world.commitFiles(join(world.allowed, 'sha256'), { 'a.txt': '1' });
    await using mirror = await open(world, join(world.allowed, 'sha256'), { name: 'bare.git' });
    expect(mirror.commitSha).toBe(commit);
    expect(await readAll(mirror)).toEqual({ 'a.txt': '1' });
  });

  test('may have a name that means something in a list of paths', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a:b "c" \\ d', { 'a.txt': '1' });
    await using mirror = await open(world, repository);
    expect(await readAll(mirror)).toEqual({ 'a.txt': '1' });
  });

  test('is said to be empty, or to lack the ref', async () => {
    await using world = await createGitWorld();
    const source = await world.createRepository('empty');
    await expect(open(world, source)).rejects.toMatchObject({ errorCode: 'REPOSITORY_EMPTY' });
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    await expect(open(world, repository, { ref: 'nowhere' })).rejects.toMatchObject({
      errorCode: 'REPOSITORY_REF_UNKNOWN',
    });
  });

  test('that vanishes while it is read fails with a reason, and is read again once it is back', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const mirror = await open(world, repository);
    const objects = join(repository, '.git', 'objects');
    await cp(objects, `${objects}-kept`, { recursive: true });
    await rm(objects, { recursive: true });
    await expect(listEntries(mirror)).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
    await cp(`${objects}-kept`, objects, { recursive: true });
    await using again = await open(world, repository);
    expect(await readAll(again)).toEqual({ 'a.txt': '1' });
  });

  test('whose folders are damaged fails with a reason', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const blob = Buffer.from(runTestGit(repository, ['rev-parse', 'HEAD:a.txt']), 'hex');
    const write = (...content: (Buffer | string)[]) =>
      runTestGit(
        repository,
        ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'],
        Buffer.concat(content.map((part) => Buffer.from(part as string))),
      );
    const trees = [
      write('100644 cut'),
      write('100644 a\0', blob.subarray(1)),
      write('40000 a\0', blob),
      write('40000 a\0', Buffer.alloc(20, 1)),
    ];
    for (const tree of trees) {
      const commit = runTestGit(repository, ['commit-tree', '-m', 'x', tree]);
      runTestGit(repository, ['update-ref', 'refs/heads/main', commit]);
      await using mirror = await open(world, repository);
      await expect(listEntries(mirror)).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
    }
  });

  test('leaves no git behind once it is closed', async () => {
    await using world = await createGitWorld();
    const files = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}.txt`, `text ${i}`]));
    const mirror = await open(world, await world.createRepository('a', files));
    await Promise.all([readAll(mirror), readAll(mirror)]);
    await mirror.close();
    expect(findTestProcesses('environ', `GIT_DIR=${mirror.dir}`)).toEqual([]);
  });

  test('gets none of its hooks or configured commands run', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const marker = join(world.root, 'marker');
    const command = join(world.root, 'command');
    await writeFile(command, `#!/bin/sh\necho ran >> '${marker}'\ncat\n`);
    await chmod(command, 0o755);
    for (const name of [
      'uploadpack.packObjectsHook',
      'core.fsmonitor',
      'core.sshCommand',
      'core.pager',
      'filter.x.smudge',
    ]) {
      runTestGit(repository, ['config', name, command]);
    }
    await mkdir(join(repository, '.git', 'hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'reference-transaction', 'post-update'])
      await cp(command, join(repository, '.git', 'hooks', hook));
    await using mirror = await open(world, repository);
    expect(await readAll(mirror)).toEqual({ 'a.txt': '1' });
    expect(await readdir(world.root)).not.toContain('marker');
  });
});
