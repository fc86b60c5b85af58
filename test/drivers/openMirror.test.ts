import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRepositoryUrl } from '../../src/drivers/git/checkRepositoryUrl.ts';
import type { Mirror } from '../../src/drivers/git/openMirror.ts';
import { createGitWorld, listEntries, runTestGit } from './makeRepository.ts';

async function listPaths(mirror: Mirror): Promise<string[]> {
  const entries = await listEntries(mirror);
  return entries.map((entry) => entry.path);
}

function countPackedObjects(mirror: Mirror): number {
  const report = runTestGit(mirror.dir, ['count-objects', '-v']);
  return Number(/in-pack: (\d+)/.exec(report)?.[1]);
}

describe('a mirror', () => {
  it('pins the newest commit of the default branch, and only its files', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'old.txt': 'old' });
    runTestGit(repository, ['rm', '--quiet', 'old.txt']);
    const newest = await world.commitFiles(repository, { 'new.txt': 'new' });
    await using mirror = await world.open(repository);
    expect(mirror).toMatchObject({ commitSha: newest, ref: 'refs/heads/main' });
    expect(await listPaths(mirror)).toEqual(['new.txt']);
    expect(countPackedObjects(mirror)).toBe(3);
  });

  it('takes a branch, a tag, an annotated tag, a full ref, a commit hash and a detached HEAD', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const first = runTestGit(repository, ['rev-parse', 'HEAD']);
    runTestGit(repository, ['tag', 'light']);
    runTestGit(repository, ['tag', '--annotate', '--message', 'x', 'heavy']);
    const second = await world.commitFiles(repository, { 'a.txt': '2' });
    runTestGit(repository, ['branch', 'topic/x', first]);
    const pinOf = async (ref?: string): Promise<[string, string]> => {
      await using mirror = await world.open(repository, ref === undefined ? {} : { ref });
      return [mirror.commitSha, mirror.ref];
    };
    expect(await pinOf()).toEqual([second, 'refs/heads/main']);
    expect(await pinOf('light')).toEqual([first, 'refs/tags/light']);
    expect(await pinOf('heavy')).toEqual([first, 'refs/tags/heavy']);
    expect(await pinOf('topic/x')).toEqual([first, 'refs/heads/topic/x']);
    expect(await pinOf('refs/heads/main')).toEqual([second, 'refs/heads/main']);
    expect(await pinOf(first)).toEqual([first, first]);
    runTestGit(repository, ['checkout', '--quiet', '--detach', first]);
    expect(await pinOf()).toEqual([first, 'HEAD']);
  });

  it('fetches only what is new the second time, and nothing when nothing moved', async () => {
    await using world = await createGitWorld();
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.txt`, `content ${i}`]));
    const repository = await world.createRepository('a', files);
    await using first = await world.open(repository);
    const before = countPackedObjects(first);
    const progress: number[] = [];
    await using same = await world.open(repository, { onProgress: ({ percent }) => progress.push(percent) });
    expect(same.commitSha).toBe(first.commitSha);
    expect(progress).toEqual([]);
    await world.commitFiles(repository, { '7.txt': 'changed' });
    await using second = await world.open(repository, {
      onProgress: ({ percent }) => progress.push(percent),
    });
    expect(second.commitSha).not.toBe(first.commitSha);
    expect(progress.at(-1)).toBe(100);
    expect(countPackedObjects(second) - before).toBeLessThan(10);
    expect(await listPaths(second)).toHaveLength(50);
  });

  it('does not grow without end: after many syncs one pack holds what the last one needs', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '0' });
    for (let i = 1; i <= 22; i++) {
      await world.commitFiles(repository, { 'a.txt': String(i) });
      await using _ = await world.open(repository);
    }
    await using last = await world.open(repository);
    const packs = readdirSync(join(last.dir, 'objects', 'pack')).filter((name) => name.endsWith('.pack'));
    expect(packs.length).toBeLessThan(5);
    expect(await listPaths(last)).toEqual(['a.txt']);
  });

  it('follows a branch that was rewritten', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    await using first = await world.open(repository);
    runTestGit(repository, ['commit', '--quiet', '--amend', '--message', 'rewritten']);
    await using second = await world.open(repository);
    expect(second.commitSha).not.toBe(first.commitSha);
    expect(second.commitSha).toBe(runTestGit(repository, ['rev-parse', 'HEAD']));
  });

  it('reads bare, shallow, worktree and SHA-256 repositories, and file:// URLs', async () => {
    await using world = await createGitWorld();
    const origin = await world.createRepository('origin', { 'a.txt': '1' });
    const newest = await world.commitFiles(origin, { 'a.txt': '2' });
    runTestGit(world.allowed, ['clone', '--quiet', '--bare', origin, 'bare.git']);
    runTestGit(world.allowed, ['clone', '--quiet', '--depth=1', `file://${origin}`, 'shallow']);
    runTestGit(origin, ['worktree', 'add', '--quiet', join(world.allowed, 'worktree'), '-b', 'side']);
    for (const name of ['bare.git', 'shallow', 'worktree']) {
      await using mirror = await world.open(join(world.allowed, name), { name });
      expect([name, mirror.commitSha]).toEqual([name, newest]);
    }
    await using byUrl = await world.open(`file://${origin}`, { name: 'url' });
    expect(byUrl.commitSha).toBe(newest);

    const sha256 = join(world.allowed, 'sha256');
    runTestGit(world.allowed, ['init', '--quiet', '--object-format=sha256', 'sha256']);
    const commit = await world.commitFiles(sha256, { 'a.txt': '1' });
    // Also in a folder that held a SHA-1 mirror, as when a project's URL is changed.
    await using mirror = await world.open(sha256, { name: 'url' });
    expect(mirror.commitSha).toBe(commit);
    expect(commit).toHaveLength(64);
  });

  it('reads a shallow repository again after it has moved on', async () => {
    await using world = await createGitWorld();
    const origin = await world.createRepository('origin', { 'a.txt': '1' });
    await world.commitFiles(origin, { 'a.txt': '2' });
    runTestGit(world.allowed, ['clone', '--quiet', '--depth=1', `file://${origin}`, 'shallow']);
    const shallow = join(world.allowed, 'shallow');
    await using first = await world.open(shallow);
    expect(await listPaths(first)).toEqual(['a.txt']);
    const newest = await world.commitFiles(origin, { 'b.txt': '3' });
    runTestGit(shallow, ['fetch', '--quiet', '--depth=1']);
    runTestGit(shallow, ['reset', '--quiet', '--hard', 'origin/main']);
    await using second = await world.open(shallow);
    expect(second.commitSha).toBe(newest);
    expect(await listPaths(second)).toEqual(['a.txt', 'b.txt']);
  });

  it('mends itself when a killed sync left locks, or when its files are damaged', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const { dir } = await world.open(repository);
    const damages = [
      () => writeFile(join(dir, 'shallow.lock'), ''),
      () => writeFile(join(dir, 'refs', 'tessera', 'pin.lock'), ''),
      () => writeFile(join(dir, 'refs', 'tessera', 'pin'), 'rubbish'),
      () => rm(join(dir, 'objects'), { recursive: true }),
      () => rm(join(dir, 'HEAD')),
      () => rm(dir, { recursive: true }),
    ];
    for (const [index, damage] of damages.entries()) {
      await damage();
      const newest = await world.commitFiles(repository, { 'a.txt': `change ${index}` });
      await using mirror = await world.open(repository);
      expect(mirror.commitSha).toBe(newest);
      expect(await listPaths(mirror)).toEqual(['a.txt']);
    }
  });
});

describe('a repository that cannot be read', () => {
  it('is said to be missing when the folder is missing or holds none', async () => {
    await using world = await createGitWorld();
    await mkdir(join(world.allowed, 'plain'));
    await expect(world.open(join(world.allowed, 'missing'))).rejects.toMatchObject({
      errorCode: 'REPOSITORY_NOT_FOUND',
    });
    await expect(world.open(join(world.allowed, 'plain'))).rejects.toMatchObject({
      errorCode: 'REPOSITORY_NOT_FOUND',
    });
  });

  it('is not searched for in the folders above', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'inner/a.txt': '1' });
    await expect(world.open(join(repository, 'inner'))).rejects.toMatchObject({
      errorCode: 'REPOSITORY_NOT_FOUND',
    });
  });

  it('is said to be empty when it has no commit', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a');
    await expect(world.open(repository)).rejects.toMatchObject({ errorCode: 'REPOSITORY_EMPTY' });
    await expect(world.open(repository, { ref: 'main' })).rejects.toMatchObject({
      errorCode: 'REPOSITORY_EMPTY',
    });
  });

  it('is said to lack a ref: branch, hash, name that cannot be, tag of a file, HEAD of an unborn branch', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    runTestGit(repository, ['tag', 'file', runTestGit(repository, ['rev-parse', 'HEAD:a.txt'])]);
    for (const ref of [
      'nowhere',
      '0'.repeat(39) + '1',
      '--upload-pack=x',
      'a..b',
      'file',
      'refs/heads/nowhere',
    ]) {
      await expect(world.open(repository, { ref })).rejects.toMatchObject({
        errorCode: 'REPOSITORY_REF_UNKNOWN',
      });
    }
    runTestGit(repository, ['symbolic-ref', 'HEAD', 'refs/heads/unborn']);
    await expect(world.open(repository)).rejects.toMatchObject({ errorCode: 'REPOSITORY_REF_UNKNOWN' });
  });

  it('fails with a reason when its objects are damaged, and can be synced once it is mended', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const blob = runTestGit(repository, ['rev-parse', 'HEAD:a.txt']);
    const path = join(repository, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
    await rename(path, `${path}.away`);
    await expect(world.open(repository)).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
    await rename(`${path}.away`, path);
    await using mirror = await world.open(repository);
    expect(await listPaths(mirror)).toEqual(['a.txt']);
  });

  it('is given up when it sends more than it may', async () => {
    await using world = await createGitWorld();
    const noise = Buffer.from(Array.from({ length: 3_000_000 }, () => Math.random() * 256));
    const repository = await world.createRepository('a', { noise });
    await expect(world.open(repository, { maxBytes: 1_048_576 })).rejects.toThrow('more than 1 MiB');
  });

  it('never shows a path of this server beside the one that was given', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    await rm(join(repository, '.git', 'objects'), { recursive: true });
    await mkdir(join(repository, '.git', 'objects'));
    const error = await world.open(repository).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ errorCode: expect.stringMatching(/^REPOSITORY_/) });
    expect(String(error)).not.toContain(world.dataDir);
  });
});

describe('a path', () => {
  it('outside the allowed folders is refused, whether it exists or not', async () => {
    await using world = await createGitWorld();
    await mkdir(join(world.root, 'elsewhere'));
    runTestGit(join(world.root, 'elsewhere'), ['init', '--quiet']);
    const answers = [];
    for (const path of ['elsewhere', 'missing', 'repositories/../elsewhere', 'repositories-beside']) {
      const error = await world.open(join(world.root, path)).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ errorCode: 'REPOSITORY_URL_REFUSED' });
      answers.push(String(error));
    }
    expect(new Set(answers).size).toBe(1);
  });

  it('that a symbolic link leads out of the allowed folders is refused', async () => {
    await using world = await createGitWorld();
    await mkdir(join(world.root, 'elsewhere'));
    runTestGit(join(world.root, 'elsewhere'), ['init', '--quiet']);
    await symlink(join(world.root, 'elsewhere'), join(world.allowed, 'link'));
    await expect(world.open(join(world.allowed, 'link'))).rejects.toMatchObject({
      errorCode: 'REPOSITORY_URL_REFUSED',
    });
  });

  it("to another tenant's mirror is refused, even when the data directory lies in an allowed folder", async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const { dir } = await world.open(repository);
    const rules = { allowedPaths: [world.root], dataDir: world.dataDir };
    await expect(checkRepositoryUrl(dir, rules)).rejects.toMatchObject({
      errorCode: 'REPOSITORY_URL_REFUSED',
    });
    await expect(checkRepositoryUrl(repository, rules)).resolves.toMatchObject({ kind: 'path' });
  });

  it('is refused when its git directory, objects or alternates lie elsewhere', async () => {
    await using world = await createGitWorld();
    const theirs = await world.open(await world.createRepository('theirs', { 'secret.txt': '1' }));
    const tricks: Record<string, (repository: string) => Promise<void>> = {
      async gitfile(repository) {
        await rm(join(repository, '.git'), { recursive: true });
        await writeFile(join(repository, '.git'), `gitdir: ${theirs.dir}\n`);
      },
      commondir: (repository) => writeFile(join(repository, '.git', 'commondir'), `${theirs.dir}\n`),
      async objects(repository) {
        await rm(join(repository, '.git', 'objects'), { recursive: true });
        await symlink(join(theirs.dir, 'objects'), join(repository, '.git', 'objects'));
      },
      alternates: (repository) =>
        writeFile(join(repository, '.git', 'objects', 'info', 'alternates'), `${theirs.dir}/objects\n`),
      async relativeAlternates(repository) {
        const path = join(repository, '.git', 'objects', 'info', 'alternates');
        await writeFile(path, '../../../../data/mirror/objects\n');
      },
    };
    for (const [name, play] of Object.entries(tricks)) {
      const repository = await world.createRepository(name, { 'a.txt': name });
      await play(repository);
      const opened = world.open(repository, { name, ref: theirs.commitSha });
      await expect(opened).rejects.toMatchObject({ errorCode: 'REPOSITORY_URL_REFUSED' });
    }
  });
});

describe('a hostile repository', () => {
  it('gets none of its hooks or configured commands run, neither there nor in the mirror', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const marker = join(world.root, 'marker');
    const script = `#!/bin/sh\necho "$0" >> '${marker}'\ncat\n`;
    const command = join(world.root, 'command');
    await writeFile(command, script);
    await chmod(command, 0o755);
    const { dir } = await world.open(repository);
    for (const gitDir of [join(repository, '.git'), dir]) {
      await mkdir(join(gitDir, 'hooks'), { recursive: true });
      for (const hook of ['post-checkout', 'reference-transaction', 'post-update', 'pre-receive', 'update']) {
        await cp(command, join(gitDir, 'hooks', hook));
      }
    }
    for (const name of ['uploadpack.packObjectsHook', 'core.fsmonitor', 'core.sshCommand', 'core.pager']) {
      runTestGit(repository, ['config', name, command]);
    }
    await writeFile(join(repository, 'b.txt'), '2');
    runTestGit(repository, ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', 'add', '-A']);
    runTestGit(repository, [
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'core.fsmonitor=false',
      'commit',
      '-qm',
      'x',
    ]);
    await rm(marker, { force: true });
    await using mirror = await world.open(repository);
    expect(await listPaths(mirror)).toEqual(['a.txt', 'b.txt']);
    expect(existsSync(marker)).toBe(false);
  });

  it('cannot have commands run by posing as a partial clone that fetches what it lacks', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1', 'b.txt': '2' });
    const marker = join(world.root, 'marker');
    const settings = {
      'core.repositoryFormatVersion': '1',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.url': repository,
      'remote.origin.uploadpack': `touch ${marker}; false`,
    };
    for (const [name, value] of Object.entries(settings)) runTestGit(repository, ['config', name, value]);
    const blob = runTestGit(repository, ['rev-parse', 'HEAD:a.txt']);
    await rm(join(repository, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
    await expect(world.open(repository)).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
    expect(existsSync(marker)).toBe(false);
  });

  it('whose tree holds `..` as a name is refused', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const blob = runTestGit(repository, ['rev-parse', 'HEAD:a.txt']);
    const entry = Buffer.concat([Buffer.from('100644 ..\0'), Buffer.from(blob, 'hex')]);
    const tree = runTestGit(repository, ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'], entry);
    const commit = runTestGit(repository, ['commit-tree', '-m', 'x', tree]);
    runTestGit(repository, ['update-ref', 'refs/heads/main', commit]);
    await expect(world.open(repository)).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
  });

  it('owned by another user is read all the same, because the operator allowed its folder', async ({
    skip,
  }) => {
    if (process.getuid?.() !== 0) skip('only root can give files away');
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const { execFileSync } = await import('node:child_process');
    execFileSync('chown', ['-R', '65534:65534', repository]);
    await using mirror = await world.open(repository);
    expect(await listPaths(mirror)).toEqual(['a.txt']);
    expect(readFileSync(join(mirror.dir, 'config'), 'utf8')).not.toContain('safe');
  });
});
