import { createHash } from 'node:crypto';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashManifest } from '../../src/domain/repositories/Manifest.ts';
import { blobKey } from '../../src/drivers/storage/checkKey.ts';
import type { ManifestData } from '../../src/entities/repositories/ProjectManifest.ts';
import type { JobView } from '../../src/views/jobs.ts';
import { runTestGit } from '../drivers/makeRepository.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace({ MAX_TEXT_BYTES: '10000' });
  await place.work();
});
afterAll(() => place[Symbol.asyncDispose]());

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const text = async (hash: string) => (await place.storage.getBuffer(blobKey(hash), 100_000))?.toString();

interface ManifestRow {
  id: string;
  version: number;
  commit_sha: string;
  ref: string;
  hash: string;
  file_count: number;
  data: ManifestData;
}

async function manifests(projectId: string): Promise<ManifestRow[]> {
  const sql = 'select * from project_manifests where project_id = $1 order by version';
  return (await place.database.reads.query<ManifestRow>(sql, [projectId])).rows;
}

async function syncFully(projectId: string, ref?: string): Promise<JobView> {
  return place.over((await place.sync(projectId, ref)).id);
}

/** Syncs what must fail: there may be neither a manifest nor a file of it. */
async function failureOf(projectId: string, ref?: string): Promise<NonNullable<JobView['error']>> {
  const job = await syncFully(projectId, ref);
  expect(job.status).toBe('failed');
  expect(await manifests(projectId)).toEqual([]);
  expect((await place.database.reads.query('select from source_files where project_id = $1', [projectId])).rows).toEqual([]);
  expect(job.error?.remedy).toMatch(/\.$/);
  return job.error ?? expect.fail('no error');
}

describe('a sync', () => {
  test('records every file of the commit by the hash of its bytes, and keeps the texts', async () => {
    const files = { 'README.md': '# Hello\n', 'src/ä b.ts': 'export {};\r\n', 'empty': '', 'logo.png': Buffer.from([0, 255, 1]) };
    const repository = await place.git.createRepository('plain', files);
    const projectId = await place.newProject(repository);
    const job = await syncFully(projectId);
    expect(job).toMatchObject({ status: 'completed', progress: 100, error: null });

    const [manifest] = await manifests(projectId);
    expect(manifest).toMatchObject({ version: 1, ref: 'main', file_count: 4, commit_sha: runTestGit(repository, ['rev-parse', 'HEAD']) });
    for (const [path, content] of Object.entries(files)) {
      expect(manifest?.data.files[path]).toEqual({
        sha256: sha256(content),
        size: Buffer.byteLength(content),
        mode: '100644',
        oid: runTestGit(repository, ['rev-parse', `HEAD:${path}`]),
        kind: path === 'logo.png' ? 'binary' : 'text',
      });
    }
    expect(manifest?.data.warnings).toEqual([]);
    expect(await text(sha256(files['src/ä b.ts']))).toBe(files['src/ä b.ts']);
    expect(await place.storage.head(blobKey(sha256(files['logo.png'])))).toBeNull();
    const inOrder = Object.entries(manifest?.data.files ?? {}).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(manifest?.hash).toBe(hashManifest(inOrder));

    const { rows } = await place.database.reads.query(
      `select p.default_branch, p.last_synced_at is not null as synced, s.manifest_id,
         (select array_agg(file_path || ' ' || content_hash order by file_path collate "C") from source_files f where f.project_id = p.id and f.manifest_id = s.manifest_id) as files
       from projects p join repo_syncs s on s.project_id = p.id where p.id = $1`,
      [projectId],
    );
    const expected = Object.entries(files).map(([path, content]) => `${path} ${sha256(content)}`);
    expect(rows).toEqual([{ default_branch: 'main', synced: true, manifest_id: manifest?.id, files: expected.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))) }]);
    const events = await place.database.reads.query(`select type from events where stream = $1 order by seq`, [`project:${projectId}`]);
    expect(events.rows.map((row: { type: string }) => row.type)).toEqual(['job.queued', 'job.started', 'manifest.created', 'project.updated', 'job.completed']);
    const audits = await place.database.reads.query(`select action, user_id, changes from audit_logs where entity_type = 'project_manifests' and project_id = $1`, [projectId]);
    expect(audits.rows).toMatchObject([{ action: 'create', user_id: place.userId, changes: { fileCount: { new: 4 } } }]);
  });

  test('shows progress that never goes back and ends at 100', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f/${index}.txt`, `file ${index}\n`]));
    const projectId = await place.newProject(await place.git.createRepository('many', files));
    const { id } = await syncFully(projectId);
    await expect.poll(() => place.lane.findLast((value) => value.jobId === id)).toMatchObject({ status: 'completed', progress: 100 });
    const published = place.published.filter((value) => value.jobId === id);
    const shown = published.map((value) => value.progress);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(new Set(shown).size).toBeGreaterThan(5);
    expect(published.findLastIndex((value) => value.progress < 100)).toBe(published.length - 2);
  });

  test('makes no new version when nothing changed, and reads only what did when something has', async () => {
    const repository = await place.git.createRepository('twice', { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
    const projectId = await place.newProject(repository);
    await syncFully(projectId);
    const again = await syncFully(projectId);
    expect(again).toMatchObject({ status: 'completed', progress: 100 });
    const [only, ...others] = await manifests(projectId);
    expect(others).toEqual([]);
    const { rows } = await place.database.reads.query('select manifest_id from repo_syncs where project_id = $1', [projectId]);
    expect(rows).toEqual([{ manifest_id: only?.id }, { manifest_id: only?.id }]);

    await rm(join(repository, 'b.txt'));
    await place.git.commitFiles(repository, { 'c.txt': 'changed\n', 'd.txt': 'd\n' });
    const { id } = await syncFully(projectId);
    const [, second] = await manifests(projectId);
    expect(second).toMatchObject({ version: 2, file_count: 3 });
    expect(Object.keys(second?.data.files ?? {}).toSorted()).toEqual(['a.txt', 'c.txt', 'd.txt']);
    // Two files were read, not three.
    expect(place.published.filter((value) => value.jobId === id).map((value) => value.message)).toContain('2 of 2 files read');
    const seen = await place.database.reads.query<{ file_path: string; is_latest: boolean }>(
      'select file_path, manifest_id = $2 as is_latest from source_files where project_id = $1 order by 1',
      [projectId, second?.id],
    );
    expect(seen.rows).toEqual(['a.txt', 'b.txt', 'c.txt', 'd.txt'].map((file_path) => ({ file_path, is_latest: file_path !== 'b.txt' })));
  });

  test('stores the texts again when the storage lost them', async () => {
    const projectId = await place.newProject(await place.git.createRepository('emptied', { 'only.txt': 'only here\n' }));
    await syncFully(projectId);
    await place.storage.delete(blobKey(sha256('only here\n')));
    expect((await syncFully(projectId)).status).toBe('completed');
    expect(await text(sha256('only here\n'))).toBe('only here\n');
    expect(await manifests(projectId)).toHaveLength(1);
  });

  test('reads the branch, tag or commit that was asked for', async () => {
    const repository = await place.git.createRepository('refs', { 'a.txt': 'one\n' });
    const first = runTestGit(repository, ['rev-parse', 'HEAD']);
    runTestGit(repository, ['tag', 'v1']);
    runTestGit(repository, ['checkout', '--quiet', '-b', 'feature/x']);
    const second = await place.git.commitFiles(repository, { 'a.txt': 'two\n' });
    runTestGit(repository, ['checkout', '--quiet', 'main']);
    const projectId = await place.newProject(repository);
    for (const ref of ['feature/x', 'v1', first]) expect((await syncFully(projectId, ref)).status).toBe('completed');
    const made = await manifests(projectId);
    // The tag and the commit are the same content, so they are one version.
    expect(made.map(({ ref, commit_sha }) => [ref, commit_sha])).toEqual([['feature/x', second], ['v1', first]]);
    const { rows } = await place.database.reads.query('select default_branch from projects where id = $1', [projectId]);
    expect(rows).toEqual([{ default_branch: null }]);
  });

  test('of one project is one at a time', async () => {
    const projectId = await place.newProject(await place.git.createRepository('once', { a: 'a' }));
    const results = await Promise.allSettled([place.sync(projectId), place.sync(projectId), place.sync(projectId)]);
    const queued = results.filter((result) => result.status === 'fulfilled');
    expect(queued).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ errorCode: 'JOB_ALREADY_RUNNING' });
    }
    await place.over(queued[0]?.value.id ?? '');
    expect((await syncFully(projectId)).status).toBe('completed');
  });
});

describe('what is ordinary, recorded as what it is', () => {
  test('symbolic links, also out of the repository, are not followed', async () => {
    const repository = await place.git.createRepository('links');
    await symlink('/etc/passwd', join(repository, 'passwd'));
    await symlink('target.txt', join(repository, 'inside'));
    // The same bytes as the link's text: a file of them is a text all the same.
    await place.git.commitFiles(repository, { 'target.txt': 'the target\n', 'same-bytes': '/etc/passwd' });
    const projectId = await place.newProject(repository);
    expect((await syncFully(projectId)).status).toBe('completed');
    const [manifest] = await manifests(projectId);
    expect(manifest?.data.files['passwd']).toMatchObject({ mode: '120000', kind: 'symlink', sha256: sha256('/etc/passwd'), size: 11 });
    expect(manifest?.data.files['same-bytes']).toMatchObject({ mode: '100644', kind: 'text', sha256: sha256('/etc/passwd') });
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
    expect((await syncFully(projectId)).status).toBe('completed');
    const [manifest] = await manifests(projectId);
    const commit = runTestGit(library, ['rev-parse', 'HEAD']);
    expect(manifest?.data.files['vendor/library']).toEqual({ sha256: null, size: null, mode: '160000', oid: commit, kind: 'submodule' });
    expect(manifest?.data.warnings).toEqual([`"vendor/library" is a submodule at commit ${commit.slice(0, 12)}: recorded, not followed.`]);
    const { rows } = await place.database.reads.query('select file_path from source_files where project_id = $1 order by 1', [projectId]);
    expect(rows).toEqual([{ file_path: '.gitmodules' }, { file_path: 'main.c' }]);
  });

  test('a large file is hashed and not kept, until the limit is raised', async () => {
    const large = 'x'.repeat(20_000);
    const projectId = await place.newProject(await place.git.createRepository('large', { 'large.txt': large, 'run.sh': '#!/bin/sh\n' }));
    expect((await syncFully(projectId)).status).toBe('completed');
    const [first] = await manifests(projectId);
    expect(first?.data.files['large.txt']).toMatchObject({ kind: 'large', sha256: sha256(large), size: 20_000 });
    expect(first?.data.warnings).toEqual(['"large.txt" has 20 kB, more than the 10 kB up to which text is kept: recorded by its hash only.']);
    expect(await place.storage.head(blobKey(sha256(large)))).toBeNull();
  });

  test('paths named like what every object inherits, and ones that PostgreSQL must not misread', async () => {
    const files = { ['__proto__']: 'a\n', 'constructor': 'b\n', "it's \"x\" \\ ?.txt": 'c\n', 'a{b},c.txt': 'd\n' };
    const projectId = await place.newProject(await place.git.createRepository('odd', files));
    expect((await syncFully(projectId)).status).toBe('completed');
    const [manifest] = await manifests(projectId);
    expect(Object.keys(manifest?.data.files ?? {}).toSorted()).toEqual(Object.keys(files).toSorted());
    const { rows } = await place.database.reads.query('select file_path from source_files where project_id = $1', [projectId]);
    expect(rows).toHaveLength(4);
  });

  test('a hundred warnings are written out, and the rest counted', async () => {
    const repository = await place.git.createRepository('warned');
    await mkdir(join(repository, 'links'));
    await Promise.all(Array.from({ length: 103 }, (_, index) => symlink('nowhere', join(repository, 'links', String(index)))));
    await place.git.commitFiles(repository, {});
    const projectId = await place.newProject(repository);
    await syncFully(projectId);
    const [manifest] = await manifests(projectId);
    expect(manifest?.data.warnings).toHaveLength(101);
    expect(manifest?.data.warnings.at(-1)).toBe('And 3 more.');
  });
});

describe('what cannot be synced ends in an error that says what to do', () => {
  test('a repository that does not exist', async () => {
    expect(await failureOf(await place.newProject(join(place.git.allowed, 'absent')))).toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
  });

  test('a repository outside the allowed folders', async () => {
    expect(await failureOf(await place.newProject('/etc'))).toMatchObject({ code: 'REPOSITORY_URL_REFUSED' });
    expect(await failureOf(await place.newProject('https://127.0.0.1/x.git'))).toMatchObject({ code: 'REPOSITORY_URL_REFUSED' });
  });

  test('an empty repository', async () => {
    expect(await failureOf(await place.newProject(await place.git.createRepository('void')))).toMatchObject({ code: 'REPOSITORY_EMPTY' });
  });

  test('an unknown branch', async () => {
    const projectId = await place.newProject(await place.git.createRepository('branchless', { a: 'a' }));
    expect(await failureOf(projectId, 'nowhere')).toMatchObject({ code: 'REPOSITORY_REF_UNKNOWN' });
  });

  test('a file name that is not UTF-8', async () => {
    const repository = await place.git.createRepository('latin', { a: 'a' });
    await writeFile(Buffer.concat([Buffer.from(`${repository}/caf`), Buffer.from([0xe9])]), 'x');
    await place.git.commitFiles(repository, {});
    const error = await failureOf(await place.newProject(repository));
    expect(error).toMatchObject({ code: 'REPOSITORY_PATH_NOT_UTF8', message: expect.stringContaining('caf\\xe9') });
  });

  test('a repository whose objects are gone', async () => {
    const repository = await place.git.createRepository('damaged', { a: 'a\n', b: 'b\n' });
    const oid = runTestGit(repository, ['rev-parse', 'HEAD:b']);
    await rm(join(repository, '.git', 'objects', oid.slice(0, 2), oid.slice(2)));
    expect(await failureOf(await place.newProject(repository))).toMatchObject({ code: 'REPOSITORY_READ_FAILED' });
  });

  test('a repository that vanishes; once it is back, the same job succeeds', async () => {
    const repository = await place.git.createRepository('vanishing', { a: 'a\n' });
    const projectId = await place.newProject(repository);
    await rename(repository, `${repository}-away`);
    expect(await failureOf(projectId)).toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    await rename(`${repository}-away`, repository);
    expect((await syncFully(projectId)).status).toBe('completed');
  });

  test('a project without a URL, or with one that is refused on sight, gets no job', async () => {
    await expect(place.sync(await place.newProject())).rejects.toMatchObject({ errorCode: 'REPOSITORY_URL_MISSING' });
    await expect(place.sync(await place.newProject('ext::sh -c id'))).rejects.toMatchObject({ errorCode: 'REPOSITORY_URL_REFUSED' });
    const projectId = await place.newProject('https://example.org/x.git');
    await expect(place.sync(projectId, '--upload-pack=id')).rejects.toMatchObject({ errorCode: 'REPOSITORY_REF_UNKNOWN' });
    expect((await place.database.reads.query('select from jobs where project_id = $1', [projectId])).rows).toEqual([]);
  });
});
