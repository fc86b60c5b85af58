import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '../../src/views/jobs.ts';
import { runTestGit } from '../drivers/makeRepository.ts';
import { type Workplace, openWorkplace } from './openWorkplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace({ MAX_TEXT_BYTES: '10000' });
  await place.work();
});
afterAll(() => place[Symbol.asyncDispose]());

/** Syncs what must fail: there may be neither a manifest nor a file of it. */
async function failureOf(projectId: string, ref?: string): Promise<NonNullable<JobView['error']>> {
  const job = await place.syncFully(projectId, ref);
  expect(job.status).toBe('failed');
  expect(await place.manifests(projectId)).toEqual([]);
  expect(
    (await place.database.reads.query('select from source_files where project_id = $1', [projectId])).rows,
  ).toEqual([]);
  expect(job.error?.remedy).toMatch(/\.$/);
  return job.error ?? expect.fail('no error');
}

describe('what cannot be synced ends in an error that says what to do', () => {
  test('a repository that does not exist', async () => {
    expect(await failureOf(await place.newProject(join(place.git.allowed, 'absent')))).toMatchObject({
      code: 'REPOSITORY_NOT_FOUND',
    });
  });

  test('a repository outside the allowed folders', async () => {
    expect(await failureOf(await place.newProject('/etc'))).toMatchObject({ code: 'REPOSITORY_URL_REFUSED' });
    expect(await failureOf(await place.newProject('https://127.0.0.1/x.git'))).toMatchObject({
      code: 'REPOSITORY_URL_REFUSED',
    });
  });

  test('an empty repository', async () => {
    expect(await failureOf(await place.newProject(await place.git.createRepository('void')))).toMatchObject({
      code: 'REPOSITORY_EMPTY',
    });
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
    expect(error).toMatchObject({
      code: 'REPOSITORY_PATH_NOT_UTF8',
      message: expect.stringContaining('caf\\xe9'),
    });
  });

  test('a repository whose objects are gone', async () => {
    const repository = await place.git.createRepository('damaged', { a: 'a\n', b: 'b\n' });
    const oid = runTestGit(repository, ['rev-parse', 'HEAD:b']);
    await rm(join(repository, '.git', 'objects', oid.slice(0, 2), oid.slice(2)));
    expect(await failureOf(await place.newProject(repository))).toMatchObject({
      code: 'REPOSITORY_READ_FAILED',
    });
  });

  test('a tree with names that git would not write', async () => {
    const repository = await place.git.createRepository('strange', { a: 'a\n' });
    const blob = Buffer.from(runTestGit(repository, ['rev-parse', 'HEAD:a']), 'hex');
    const entry = (name: string) => Buffer.concat([Buffer.from(`100644 ${name}\0`), blob]);
    for (const [tree, word] of [
      [entry('..'), 'impossible name'],
      [Buffer.concat([entry('b'), entry('b')]), 'twice'],
    ] as const) {
      const oid = runTestGit(repository, ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'], tree);
      const commit = runTestGit(repository, ['commit-tree', oid, '-m', 'strange']);
      runTestGit(repository, ['update-ref', 'refs/heads/main', commit]);
      const error = await failureOf(await place.newProject(repository));
      expect(error).toMatchObject({ code: 'REPOSITORY_READ_FAILED', message: expect.stringContaining(word) });
    }
  });

  test('a repository that vanishes; once it is back, the same job succeeds', async () => {
    const repository = await place.git.createRepository('vanishing', { a: 'a\n' });
    const projectId = await place.newProject(repository);
    await rename(repository, `${repository}-away`);
    expect(await failureOf(projectId)).toMatchObject({ code: 'REPOSITORY_NOT_FOUND' });
    await rename(`${repository}-away`, repository);
    expect((await place.syncFully(projectId)).status).toBe('completed');
  });

  test('a project without a URL, or with one that is refused on sight, gets no job', async () => {
    await expect(place.sync(await place.newProject())).rejects.toMatchObject({
      errorCode: 'REPOSITORY_URL_MISSING',
    });
    await expect(place.sync(await place.newProject('ext::sh -c id'))).rejects.toMatchObject({
      errorCode: 'REPOSITORY_URL_REFUSED',
    });
    const projectId = await place.newProject('https://example.org/x.git');
    await expect(place.sync(projectId, '--upload-pack=id')).rejects.toMatchObject({
      errorCode: 'REPOSITORY_REF_UNKNOWN',
    });
    expect(
      (await place.database.reads.query('select from jobs where project_id = $1', [projectId])).rows,
    ).toEqual([]);
  });
});
