import { createHash, randomUUID } from 'node:crypto';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '../../src/views/jobs.ts';
import { type GitWorld, createGitWorld, runTestGit } from '../drivers/makeRepository.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { startCpuClock } from '../support/cpuClock.ts';

let server: TestServer;
let git: GitWorld;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  git = await createGitWorld();
  server = await startServer({ settings: { REPOSITORY_PATHS: git.allowed } });
  ada = await server.person('Ada');
  bob = await server.person('Bob');
});
afterAll(async () => {
  await server.close();
  await git[Symbol.asyncDispose]();
});

/** Waits for the job by watching it, as a front end does. */
async function finish(person: Person, job: JobView): Promise<JobView> {
  const projectId = job.projectId ?? '';
  const over = Promise.withResolvers<void>();
  const watching = person.client.jobs.watch.subscribe(
    { projectId, jobId: job.id },
    {
      onData: ({ status }) => {
        if (status === 'completed' || status === 'failed' || status === 'cancelled') over.resolve();
      },
      onError: over.reject,
    },
  );
  await over.promise;
  watching.unsubscribe();
  return person.client.jobs.get.query({ projectId, jobId: job.id });
}

async function newProject(person: Person, repositoryUrl?: string): Promise<string> {
  return (
    await person.client.projects.create.mutate({
      name: 'Repository',
      ...(repositoryUrl ? { repositoryUrl } : {}),
    })
  ).id;
}

async function syncFully(projectId: string): Promise<JobView> {
  return finish(ada, await ada.client.repositories.sync.mutate({ projectId }));
}

describe('repositories', () => {
  test('are synced as a job, and then read file by file without the repository', async () => {
    const files = { 'README.md': '# Hello\n', 'src/main.ts': 'one\ntwo\nthree', 'src/deep/a.ts': '' };
    const repository = await git.createRepository('read', files);
    const projectId = await newProject(ada, repository);
    const commitSha = runTestGit(repository, ['rev-parse', 'HEAD']);
    const asked = await ada.client.repositories.sync.mutate({ projectId, mutationId: 'first' });
    expect(asked).toMatchObject({
      jobType: 'repositories.sync',
      status: 'queued',
      progress: 0,
      userId: ada.id,
    });
    // A retry of the same call is the same job.
    expect((await ada.client.repositories.sync.mutate({ projectId, mutationId: 'first' })).id).toBe(asked.id);
    expect(await finish(ada, asked)).toMatchObject({ status: 'completed', progress: 100, error: null });
    await rm(repository, { recursive: true });

    const manifest = await ada.client.repositories.manifest.query({ projectId });
    expect(manifest).toMatchObject({
      projectId,
      version: 1,
      commitSha,
      ref: 'main',
      fileCount: 3,
      warnings: [],
    });
    expect(await ada.client.repositories.manifest.query({ projectId, version: 1 })).toEqual(manifest);
    const file = await ada.client.repositories.file.query({ projectId, path: 'src/main.ts' });
    const sha256 = createHash('sha256').update(files['src/main.ts']).digest('hex');
    expect(file).toEqual({
      path: 'src/main.ts',
      version: 1,
      commitSha,
      sha256,
      size: 13,
      mode: '100644',
      kind: 'text',
      text: 'one\ntwo\nthree',
      lines: 3,
    });
    expect((await ada.client.repositories.syncs.query({ projectId })).items).toMatchObject([
      { id: asked.id, status: 'completed', ref: null, manifest: { version: 1, commitSha } },
    ]);
    const project = await ada.client.projects.get.query({ projectId });
    expect(project).toMatchObject({ defaultBranch: 'main', version: 1 });
    expect(project.lastSyncedAt).toBeInstanceOf(Date);
  });

  test('list their files in the order of paths, page by page, of one version even when another sync comes between', async () => {
    const paths = ['a', 'a-b', 'a/b', 'B', 'ä', 'z/1', 'z/2', 'z/10'];
    const repository = await git.createRepository(
      'listed',
      Object.fromEntries(paths.filter((path) => path !== 'a').map((path) => [path, path])),
    );
    const projectId = await newProject(ada, repository);
    await syncFully(projectId);
    const expected = paths
      .filter((path) => path !== 'a')
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const first = await ada.client.repositories.files.query({ projectId, limit: 3 });
    await git.commitFiles(repository, { 'a-c': 'new' });
    await syncFully(projectId);
    const rest = await ada.client.repositories.files.query({
      projectId,
      limit: 100,
      cursor: first.nextCursor,
    });
    expect([...first.items, ...rest.items].map((item) => item.path)).toEqual(expected);
    expect(rest.nextCursor).toBeNull();
    const below = await ada.client.repositories.files.query({ projectId, prefix: 'z/1' });
    expect(below.items.map((item) => item.path)).toEqual(['z/1', 'z/10']);
    expect(below.items[0]).toEqual({
      path: 'z/1',
      sha256: createHash('sha256').update('z/1').digest('hex'),
      size: 3,
      mode: '100644',
      kind: 'text',
    });
    expect(
      (await ada.client.repositories.files.query({ projectId })).items.map((item) => item.path),
    ).toContain('a-c');
    expect(
      (await failureOf(ada.client.repositories.files.query({ projectId, cursor: 'rubbish' }))).code,
    ).toBe('CURSOR_INVALID');
  });

  test('show how a file changed between two versions, was added, removed or moved', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`);
    const repository = await git.createRepository('changed', {
      'a.txt': lines.join(''),
      'gone.txt': 'gone\n',
      'same.txt': 'same\n',
    });
    const projectId = await newProject(ada, repository);
    await syncFully(projectId);
    await rm(join(repository, 'gone.txt'));
    await git.commitFiles(repository, {
      'a.txt': lines.with(9, 'changed\n').join(''),
      'new.txt': 'no end',
      'moved.txt': lines.join(''),
    });
    await syncFully(projectId);
    const diff = (path: string, toPath?: string) =>
      ada.client.repositories.diff.query({ projectId, path, from: 1, to: 2, ...(toPath ? { toPath } : {}) });
    expect(await diff('a.txt')).toEqual({
      path: 'a.txt',
      toPath: 'a.txt',
      from: 1,
      to: 2,
      change: 'modified',
      hunks: [
        {
          oldStart: 7,
          oldLines: 7,
          newStart: 7,
          newLines: 7,
          lines: [
            ' line 7',
            ' line 8',
            ' line 9',
            '-line 10',
            '+changed',
            ' line 11',
            ' line 12',
            ' line 13',
          ],
        },
      ],
    });
    expect(await diff('gone.txt')).toMatchObject({ change: 'removed', hunks: [{ lines: ['-gone'] }] });
    expect(await diff('new.txt')).toMatchObject({
      change: 'added',
      hunks: [{ lines: ['+no end', '\\ No newline at end of file'] }],
    });
    expect(await diff('same.txt')).toMatchObject({ change: 'none', hunks: [] });
    expect(await diff('a.txt', 'moved.txt')).toMatchObject({ change: 'none', hunks: [] });
    expect((await failureOf(diff('nowhere.txt'))).code).toBe('FILE_NOT_IN_MANIFEST');
    expect(
      (await failureOf(ada.client.repositories.diff.query({ projectId, path: 'a.txt', from: 1, to: 3 })))
        .code,
    ).toBe('MANIFEST_MISSING');
  });

  test('give up at once on a text of more lines than a diff may split, however alike the two are', async () => {
    const text = 'x\n'.repeat(100_001);
    const repository = await git.createRepository('endless', { 'a.txt': text });
    const projectId = await newProject(ada, repository);
    await syncFully(projectId);
    await git.commitFiles(repository, { 'a.txt': `${text}y\n` });
    await syncFully(projectId);
    const refusal = failureOf(
      ada.client.repositories.diff.query({ projectId, path: 'a.txt', from: 1, to: 2 }),
    );
    expect(await refusal).toMatchObject({ code: 'DIFF_TOO_LARGE' });
  });

  test('give up a diff that would take too long', async () => {
    const text = (word: string) =>
      Array.from({ length: 15_000 }, (_, index) => `${word} ${index}\n`).join('');
    const repository = await git.createRepository('rewritten', { 'a.txt': text('old') });
    const projectId = await newProject(ada, repository);
    await syncFully(projectId);
    await git.commitFiles(repository, { 'a.txt': text('new') });
    await syncFully(projectId);
    const spent = startCpuClock();
    expect(
      await failureOf(ada.client.repositories.diff.query({ projectId, path: 'a.txt', from: 1, to: 2 })),
    ).toMatchObject({ code: 'DIFF_TOO_LARGE' });
    expect(spent()).toBeLessThan(15_000);
  });

  test('say of what cannot be read why not', async () => {
    const repository = await git.createRepository('unreadable', {
      'logo.png': Buffer.from([0, 1, 2]),
      'a.txt': 'a',
    });
    await symlink('/etc/passwd', join(repository, 'passwd'));
    await git.commitFiles(repository, {});
    const projectId = await newProject(ada, repository);
    expect(await failureOf(ada.client.repositories.manifest.query({ projectId }))).toMatchObject({
      code: 'MANIFEST_MISSING',
      message: 'The project has no manifest of its repository yet.',
    });
    await syncFully(projectId);
    const fileFailure = async (path: string) =>
      (await failureOf(ada.client.repositories.file.query({ projectId, path }))).code;
    expect(await fileFailure('logo.png')).toBe('FILE_NOT_TEXT');
    expect(await fileFailure('passwd')).toBe('FILE_NOT_TEXT');
    expect(await fileFailure('nowhere')).toBe('FILE_NOT_IN_MANIFEST');
    expect(await fileFailure('../../etc/passwd')).toBe('PATH_REFUSED');
    expect((await ada.client.repositories.manifest.query({ projectId })).warnings).toEqual([
      '"passwd" is a symbolic link: recorded, not followed.',
    ]);
    expect((await failureOf(ada.client.repositories.manifest.query({ projectId, version: 9 }))).code).toBe(
      'MANIFEST_MISSING',
    );
  });

  test('that cannot be synced fail with a word on what to do, and the server goes on', async () => {
    const projectId = await newProject(ada, join(git.allowed, 'absent'));
    const job = await syncFully(projectId);
    expect(job).toMatchObject({
      status: 'failed',
      error: {
        code: 'REPOSITORY_NOT_FOUND',
        message: expect.stringContaining('absent'),
        remedy: expect.stringContaining('Check the URL'),
      },
    });
    expect(
      (await failureOf(ada.client.repositories.sync.mutate({ projectId: await newProject(ada) }))).code,
    ).toBe('REPOSITORY_URL_MISSING');
    await git.createRepository('absent', { 'a.txt': 'a' });
    expect(await finish(ada, await ada.client.jobs.retry.mutate({ projectId, jobId: job.id }))).toMatchObject(
      { status: 'completed', attempts: 2 },
    );
  });

  test('belong to their project: others neither see nor sync them', async () => {
    const projectId = await newProject(ada, await git.createRepository('private', { 'a.txt': 'a' }));
    await syncFully(projectId);
    const own = await newProject(bob, await git.createRepository('own', { 'b.txt': 'b' }));
    for (const call of [
      bob.client.repositories.sync.mutate({ projectId }),
      bob.client.repositories.manifest.query({ projectId }),
      bob.client.repositories.files.query({ projectId }),
      bob.client.repositories.file.query({ projectId, path: 'a.txt' }),
    ]) {
      expect((await failureOf(call)).code).toBe('NOT_FOUND');
    }
    expect(
      (await failureOf(bob.client.repositories.file.query({ projectId: own, path: 'a.txt' }))).code,
    ).toBe('MANIFEST_MISSING');
    expect((await failureOf(ada.client.repositories.sync.mutate({ projectId: randomUUID() }))).code).toBe(
      'NOT_FOUND',
    );
    await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
    expect((await bob.client.repositories.file.query({ projectId, path: 'a.txt' })).text).toBe('a');
    expect((await failureOf(bob.client.repositories.sync.mutate({ projectId }))).code).toBe('FORBIDDEN');
  });
});
