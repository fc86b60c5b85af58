import { createHash } from 'node:crypto';
import { chmod, open, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { hashBlobs, type HashedBlob } from '../../src/drivers/git/hashBlobs.ts';
import type { TreeEntry } from '../../src/drivers/git/listTree.ts';
import type { Mirror } from '../../src/drivers/git/openMirror.ts';
import { createGitWorld, findTestProcesses, listEntries, runTestGit } from './makeRepository.ts';

const maxTextBytes = 1_000_000;

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

type HashedEntry = TreeEntry & Partial<Pick<HashedBlob, 'sha256' | 'kind' | 'size'>>;

async function hashTree(mirror: Mirror): Promise<Map<string, HashedEntry>> {
  const entries = await listEntries(mirror);
  const oids = entries.filter((entry) => entry.mode !== '160000').map((entry) => entry.oid);
  const hashed = new Map<string, HashedBlob>();
  await hashBlobs(mirror, [...new Set(oids)], {
    maxTextBytes,
    onHashed: (blob) => void hashed.set(blob.oid, blob),
  });
  return new Map(entries.map((entry) => [entry.path, { ...entry, ...hashed.get(entry.oid) }]));
}

describe('the files of a pinned commit', () => {
  it('have their mode, size, and the SHA-256 of their raw bytes', async () => {
    await using world = await createGitWorld();
    const latin1 = Buffer.from([0xe9, 0x0a]);
    const crlf = 'a\r\nb\r\n';
    const repository = await world.createRepository('a', {
      '.gitattributes': '* text=auto eol=lf ident filter=x\n',
      'empty.txt': '',
      'crlf.txt': crlf,
      'latin1.txt': latin1,
      'nul.bin': 'a\0b',
      'run.sh': '#!/bin/sh\n',
      'limit.txt': 'x'.repeat(maxTextBytes),
      'above.txt': 'x'.repeat(maxTextBytes + 1),
    });
    runTestGit(repository, ['update-index', '--chmod=+x', 'run.sh']);
    // Past the attributes, which would turn CRLF into LF on the way in.
    const raw = runTestGit(repository, ['hash-object', '-w', '--no-filters', 'crlf.txt']);
    runTestGit(repository, ['update-index', '--cacheinfo', `100644,${raw},crlf.txt`]);
    runTestGit(repository, ['commit', '--quiet', '--message', 'modes']);
    await using mirror = await world.open(repository);
    const files = await hashTree(mirror);
    expect(files.get('empty.txt')).toMatchObject({
      size: 0,
      kind: 'text',
      sha256: digest(''),
      mode: '100644',
    });
    expect(files.get('crlf.txt')).toMatchObject({ size: 6, kind: 'text', sha256: digest(crlf) });
    expect(files.get('latin1.txt')).toMatchObject({ kind: 'binary', sha256: digest(latin1) });
    expect(files.get('nul.bin')).toMatchObject({ kind: 'binary', sha256: digest('a\0b') });
    expect(files.get('run.sh')).toMatchObject({ mode: '100755', kind: 'text' });
    expect(files.get('limit.txt')).toMatchObject({ kind: 'text', size: maxTextBytes });
    expect(files.get('above.txt')).toMatchObject({
      kind: 'large',
      sha256: digest('x'.repeat(maxTextBytes + 1)),
    });
  });

  it('include a symbolic link as its own text, never as what it points to', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    await symlink('/etc/passwd', join(repository, 'passwords'));
    await world.commitFiles(repository, {});
    await using mirror = await world.open(repository);
    const link = (await hashTree(mirror)).get('passwords');
    expect(link).toMatchObject({ mode: '120000', size: 11, sha256: digest('/etc/passwd') });
  });

  it('include a submodule as a commit that is not fetched', async () => {
    await using world = await createGitWorld();
    const inner = await world.createRepository('inner', { 'inner.txt': '1' });
    const outer = await world.createRepository('outer', { 'a.txt': '1' });
    runTestGit(outer, ['submodule', '--quiet', 'add', inner, 'module']);
    await world.commitFiles(outer, {});
    await using mirror = await world.open(outer);
    const files = await hashTree(mirror);
    const oid = runTestGit(inner, ['rev-parse', 'HEAD']);
    expect(files.get('module')).toMatchObject({ mode: '160000', oid });
    expect(files.get('module')).not.toHaveProperty('sha256');
    expect([...files.keys()]).toEqual(['.gitmodules', 'a.txt', 'module']);
  });

  it('may have names with line ends, tabs, quotes, spaces and any script', async () => {
    await using world = await createGitWorld();
    const names = [
      'a\nb',
      'tab\tin',
      '"quoted"',
      ' leading',
      'über/日本語/👩‍👩‍👧',
      '-dash',
      '*?[x]',
      'back\\slash',
      '\u0001',
    ];
    const files = Object.fromEntries(names.map((name) => [name, `content of ${name}`]));
    await using mirror = await world.open(await world.createRepository('a', files));
    const found = await hashTree(mirror);
    expect(new Set(found.keys())).toEqual(new Set(names));
    for (const name of names) expect(found.get(name)?.sha256).toBe(digest(`content of ${name}`));
  });

  it('cannot be listed when a name is not UTF-8, and the error shows the bytes', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const name = Buffer.concat([Buffer.from(`${repository}/caf`), Buffer.from([0xe9])]);
    await writeFile(name, 'x');
    await world.commitFiles(repository, {});
    await using mirror = await world.open(repository);
    const listing = listEntries(mirror);
    await expect(listing).rejects.toMatchObject({ errorCode: 'REPOSITORY_PATH_NOT_UTF8' });
    await expect(listing).rejects.toThrow('caf\\xe9');
  });

  it('are not listed for ever when a small tree unfolds into billions', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    let tree = runTestGit(repository, ['rev-parse', 'HEAD^{tree}']);
    for (let depth = 0; depth < 10; depth++) {
      const names = Array.from({ length: 10 }, (_, i) => `040000 tree ${tree}\td${i}\n`);
      tree = runTestGit(repository, ['mktree'], names.join(''));
    }
    const commit = runTestGit(repository, ['commit-tree', '-m', 'x', tree]);
    runTestGit(repository, ['update-ref', 'refs/heads/main', commit]);
    await using mirror = await world.open(repository);
    const listing = listEntries(mirror, 1_000);
    await expect(listing).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
  });

  it('may be many in one folder, and lie under folders that are the same', async () => {
    await using world = await createGitWorld();
    const names = Array.from({ length: 2_000 }, (_, i) => `a-rather-long-name-${i}`);
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const blob = runTestGit(repository, ['rev-parse', 'HEAD:a.txt']);
    const write = (lines: string[]) => runTestGit(repository, ['mktree'], lines.join(''));
    const folder = write(names.map((name) => `100644 blob ${blob}\t${name}\n`));
    const root = write(['a', 'b'].map((name) => `040000 tree ${folder}\t${name}\n`));
    const commit = runTestGit(repository, ['commit-tree', '-m', 'x', root]);
    runTestGit(repository, ['update-ref', 'refs/heads/main', commit]);
    await using mirror = await world.open(repository);
    const paths = (await listEntries(mirror)).map((entry) => entry.path);
    expect(paths).toEqual(['a', 'b'].flatMap((top) => names.map((name) => `${top}/${name}`)).toSorted());
  });

  it('come in the order of the bytes of their paths, with modes that old versions of git wrote', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1' });
    const blob = runTestGit(repository, ['rev-parse', 'HEAD:a.txt']);
    const entry = (mode: string, name: string, oid = blob) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
    const write = (content: Buffer) =>
      runTestGit(repository, ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'], content);
    const folder = write(entry('100775', 'inner'));
    const items = [
      entry('100664', 'a-b'),
      entry('100644', 'a.b'),
      entry('40000', 'a', folder),
      entry('0100644', 'b'),
    ];
    const commit = runTestGit(repository, ['commit-tree', '-m', 'x', write(Buffer.concat(items))]);
    runTestGit(repository, ['update-ref', 'refs/heads/main', commit]);
    await using mirror = await world.open(repository);
    expect(await listEntries(mirror)).toEqual(
      [
        ['a-b', '100644'],
        ['a.b', '100644'],
        ['a/inner', '100755'],
        ['b', '100644'],
      ].map(([path, mode]) => ({ path, mode, oid: blob })),
    );
  });
});

describe('hashing', () => {
  it('hands over the text of each text file, and waits for it to be taken', async () => {
    await using world = await createGitWorld();
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.txt`, `text ${i}`]));
    await using mirror = await world.open(await world.createRepository('a', { ...files, bin: '\0' }));
    const oids = (await listEntries(mirror)).map((entry) => entry.oid);
    const texts = new Map<string, string>();
    const order: string[] = [];
    let taking = 0;
    await hashBlobs(mirror, oids, {
      maxTextBytes,
      async onText(sha256, bytes) {
        expect(++taking).toBe(1);
        await delay(1);
        texts.set(sha256, bytes.toString());
        taking--;
      },
      onHashed(blob) {
        order.push(blob.oid);
        expect(texts.has(blob.sha256)).toBe(blob.kind === 'text');
      },
    });
    expect(order).toEqual(oids);
    expect(new Set(texts.values())).toEqual(new Set(Object.values(files)));
    for (const [sha256, text] of texts) expect(sha256).toBe(digest(text));
  });

  it('lets a large file pass by in pieces and never holds it whole', async () => {
    await using world = await createGitWorld();
    const size = 30_000_000;
    const noise = createHash('shake256', { outputLength: size }).update('seed').digest();
    await using mirror = await world.open(await world.createRepository('a', { noise, 'a.txt': '1' }));
    const oids = (await listEntries(mirror)).map((entry) => entry.oid);
    const concat = vi.spyOn(Buffer, 'concat');
    const blobs: HashedBlob[] = [];
    await hashBlobs(mirror, oids, { maxTextBytes, onHashed: (blob) => void blobs.push(blob) });
    const lengths = concat.mock.results.map((result) => (result.type === 'return' ? result.value.length : 0));
    concat.mockRestore();
    expect(blobs).toContainEqual(expect.objectContaining({ kind: 'large', size, sha256: digest(noise) }));
    expect(Math.max(0, ...lengths)).toBeLessThan(200_000);
  });

  it('fails, and the next sync heals, when the mirror loses or damages a file in the meantime', async () => {
    await using world = await createGitWorld();
    const content = createHash('shake256', { outputLength: 500_000 }).update('seed').digest();
    const repository = await world.createRepository('a', { 'a.bin': content, 'b.txt': 'b' });
    const damages = [
      (pack: string) => rm(pack),
      async (pack: string) => {
        await using file = await open(pack, 'r+');
        await file.write(Buffer.alloc(1_000, 0x55), 0, 1_000, 250_000);
      },
      (pack: string) => rm(join(pack, '..', '..'), { recursive: true }),
    ];
    for (const damage of damages) {
      await using mirror = await world.open(repository);
      const oids = (await listEntries(mirror)).map((entry) => entry.oid);
      const folder = join(mirror.dir, 'objects', 'pack');
      const pack = (await readdir(folder)).find((name) => name.endsWith('.pack'));
      // Git writes packs read-only; the owner may still delete them.
      await chmod(join(folder, pack ?? ''), 0o600);
      await damage(join(folder, pack ?? ''));
      // The git that is there already may have the pack open; the other one looks for it.
      const hash = () => hashBlobs(mirror, oids, { maxTextBytes, onHashed() {} });
      const hashing = Promise.all([hash(), hash()]);
      await expect(hashing).rejects.toMatchObject({ errorCode: 'REPOSITORY_READ_FAILED' });
    }
    await using mirror = await world.open(repository);
    expect((await hashTree(mirror)).get('a.bin')?.sha256).toBe(digest(content));
  });

  it('fails when it is asked for something that is not a file', async () => {
    await using world = await createGitWorld();
    await using mirror = await world.open(await world.createRepository('a', { 'a.txt': '1' }));
    const options = { maxTextBytes, onHashed() {} };
    await expect(hashBlobs(mirror, ['HEAD\nHEAD'], options)).rejects.toThrow('not an object name');
    await expect(hashBlobs(mirror, [mirror.commitSha], options)).rejects.toMatchObject({
      errorCode: 'REPOSITORY_READ_FAILED',
    });
  });

  it('passes on what a callback raises, and git ends with that', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', { 'a.txt': '1', large: Buffer.alloc(5_000_000, 1) });
    await using mirror = await world.open(repository);
    const oids = (await listEntries(mirror)).map((entry) => entry.oid);
    const hashing = hashBlobs(mirror, oids, {
      maxTextBytes,
      onText: () => Promise.reject(new Error('the store is full')),
      onHashed() {},
    });
    await expect(hashing).rejects.toThrow('the store is full');
    expect(findTestProcesses('environ', `GIT_DIR=${mirror.dir}`)).toEqual([]);
    // The mirror was not to blame, so it is still there.
    expect((await hashTree(mirror)).size).toBe(2);
  });

  it('ends with its git process when the job is aborted, and when the mirror is closed', async () => {
    await using world = await createGitWorld();
    const repository = await world.createRepository('a', {
      large: Buffer.alloc(20_000_000, 1),
      'a.txt': '1',
    });
    const oids = [
      runTestGit(repository, ['rev-parse', 'HEAD:a.txt']),
      runTestGit(repository, ['rev-parse', 'HEAD:large']),
    ];
    const aborting = new AbortController();
    const reason = new Error('cancelled by a person');
    const mirror = await world.open(repository, { signal: aborting.signal });
    const hashing = hashBlobs(mirror, oids, { maxTextBytes, onHashed: () => aborting.abort(reason) });
    await expect(hashing).rejects.toBe(reason);
    expect(findTestProcesses('environ', `GIT_DIR=${mirror.dir}`)).toEqual([]);
    await expect(listEntries(mirror)).rejects.toBe(reason);

    const other = await world.open(repository);
    const waiting = hashBlobs(other, oids, { maxTextBytes, onHashed: () => void other.close() });
    await expect(waiting).rejects.toThrow('the mirror was closed');
    expect(findTestProcesses('environ', `GIT_DIR=${other.dir}`)).toEqual([]);
  });
});
