import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobKey } from '../../src/drivers/storage/checkKey.ts';
import { runTestGit } from '../drivers/makeRepository.ts';
import { type Workplace, openWorkplace, sha256 } from './openWorkplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace({ MAX_TEXT_BYTES: '10000' });
  await place.work();
});
afterAll(() => place[Symbol.asyncDispose]());

describe('what is ordinary, recorded as what it is', () => {
  test('symbolic links, also out of the repository, are not followed', async () => {
    const repository = await place.git.createRepository('links');
    await symlink('/etc/passwd', join(repository, 'passwd'));
    await symlink('target.txt', join(repository, 'inside'));
    // The same bytes as the link's text: a file of them is a text all the same.
    await place.git.commitFiles(repository, { 'target.txt': 'the target\n', 'same-bytes': '/etc/passwd' });
    const projectId = await place.newProject(repository);
    expect((await place.syncFully(projectId)).status).toBe('completed');
    const [manifest] = await place.manifests(projectId);
    expect(manifest?.data.files['passwd']).toMatchObject({
      mode: '120000',
      kind: 'symlink',
      sha256: sha256('/etc/passwd'),
      size: 11,
    });
    expect(manifest?.data.files['same-bytes']).toMatchObject({
      mode: '100644',
      kind: 'text',
      sha256: sha256('/etc/passwd'),
    });
    expect(await place.storage.head(blobKey(sha256('target.txt')))).toBeNull();
    expect(manifest?.data.warnings).toEqual([
      '"inside" is a symbolic link: recorded, not followed.',
      '"passwd" is a symbolic link: recorded, not followed.',
    ]);
  });

  test('submodules are recorded by their commit and not fetched', async () => {
    const library = await place.git.createRepository('library', { 'lib.c': 'int x;\n' });
    const repository = await place.git.createRepository('modules', { 'main.c': 'int main;\n' });
    runTestGit(repository, ['submodule', '--quiet', 'add', library, 'vendor/library']);
    await place.git.commitFiles(repository, {});
    const projectId = await place.newProject(repository);
    expect((await place.syncFully(projectId)).status).toBe('completed');
    const [manifest] = await place.manifests(projectId);
    const commit = runTestGit(library, ['rev-parse', 'HEAD']);
    expect(manifest?.data.files['vendor/library']).toEqual({
      sha256: null,
      size: null,
      mode: '160000',
      oid: commit,
      kind: 'submodule',
    });
    expect(manifest?.data.warnings).toEqual([
      `"vendor/library" is a submodule at commit ${commit.slice(0, 12)}: recorded, not followed.`,
    ]);
    const { rows } = await place.database.reads.query(
      'select file_path from source_files where project_id = $1 order by 1',
      [projectId],
    );
    expect(rows).toEqual([{ file_path: '.gitmodules' }, { file_path: 'main.c' }]);
  });

  test('a large file is hashed and not kept', async () => {
    const large = 'x'.repeat(20_000);
    const projectId = await place.newProject(
      await place.git.createRepository('large', { 'large.txt': large, 'run.sh': '#!/bin/sh\n' }),
    );
    expect((await place.syncFully(projectId)).status).toBe('completed');
    const [first] = await place.manifests(projectId);
    expect(first?.data.files['large.txt']).toMatchObject({
      kind: 'large',
      sha256: sha256(large),
      size: 20_000,
    });
    expect(first?.data.warnings).toEqual([
      '"large.txt" has 20 kB, more than the 10 kB up to which text is kept: recorded by its hash only.',
    ]);
    expect(await place.storage.head(blobKey(sha256(large)))).toBeNull();
  });

  test('a large file is kept once the limit is raised, in a version of its own', async () => {
    await using other = await openWorkplace();
    const large = 'x'.repeat(20_000);
    const projectId = await other.newProject(
      await other.git.createRepository('raised', { 'large.txt': large }),
    );
    for (const limit of [10_000, 30_000]) {
      await using _worker = await other.work(undefined, { MAX_TEXT_BYTES: limit });
      expect((await other.over((await other.sync(projectId)).id)).status).toBe('completed');
    }
    expect((await other.manifests(projectId)).map(({ data }) => data.files['large.txt']?.kind)).toEqual([
      'large',
      'text',
    ]);
    expect((await other.storage.head(blobKey(sha256(large))))?.size).toBe(20_000);
  });

  test('thousands of files, whose texts share a file in the storage, and of which the next sync reads what changed', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2_500 }, (_, index) => [`f/${index % 50}/${index}.txt`, `file ${index}\n`]),
    );
    const repository = await place.git.createRepository('thousands', files);
    const projectId = await place.newProject(repository);
    expect((await place.syncFully(projectId)).status).toBe('completed');
    for (const path of ['f/0/0.txt', 'f/49/2499.txt'])
      expect(await place.text(sha256(files[path] ?? ''))).toBe(files[path]);
    runTestGit(repository, ['gc', '--quiet']);
    await place.git.commitFiles(repository, { 'f/7/7.txt': 'changed\n' });
    const { id } = await place.syncFully(projectId);
    expect(place.published.filter((value) => value.jobId === id).map((value) => value.message)).toContain(
      '1 of 1 files read',
    );
    expect((await place.manifests(projectId)).map((manifest) => manifest.file_count)).toEqual([2_500, 2_500]);
    const { rows } = await place.database.reads.query(
      'select count(*)::int as n from source_files f join project_manifests m on m.id = f.manifest_id where m.version = 2 and f.project_id = $1',
      [projectId],
    );
    expect(rows).toEqual([{ n: 2_500 }]);
  });

  test('paths named like what every object inherits, and ones that PostgreSQL must not misread', async () => {
    const files = {
      ['__proto__']: 'a\n',
      constructor: 'b\n',
      'it\'s "x" \\ ?.txt': 'c\n',
      'a{b},c.txt': 'd\n',
    };
    const projectId = await place.newProject(await place.git.createRepository('odd', files));
    expect((await place.syncFully(projectId)).status).toBe('completed');
    const [manifest] = await place.manifests(projectId);
    expect(Object.keys(manifest?.data.files ?? {}).toSorted()).toEqual(Object.keys(files).toSorted());
    const { rows } = await place.database.reads.query(
      'select file_path from source_files where project_id = $1',
      [projectId],
    );
    expect(rows).toHaveLength(4);
  });

  test('a hundred warnings are written out, and the rest counted', async () => {
    const repository = await place.git.createRepository('warned');
    await mkdir(join(repository, 'links'));
    await Promise.all(
      Array.from({ length: 103 }, (_, index) => symlink('nowhere', join(repository, 'links', String(index)))),
    );
    await place.git.commitFiles(repository, {});
    const projectId = await place.newProject(repository);
    await place.syncFully(projectId);
    const [manifest] = await place.manifests(projectId);
    expect(manifest?.data.warnings).toHaveLength(101);
    expect(manifest?.data.warnings.at(-1)).toBe('And 3 more.');
  });
});
