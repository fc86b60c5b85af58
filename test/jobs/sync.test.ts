import { execFileSync } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '../../src/database/transaction.ts';
import { cancelJob } from '../../src/domain/jobs/cancelJob.ts';
import { ManifestComposer } from '../../src/domain/repositories/Manifest.ts';
import { blobKey } from '../../src/drivers/storage/checkKey.ts';
import { runTestGit } from '../drivers/makeRepository.ts';
import { type Workplace, openWorkplace, sha256 } from './openWorkplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace({ MAX_TEXT_BYTES: '10000' });
  await place.work();
});
afterAll(() => place[Symbol.asyncDispose]());

describe('a sync', () => {
  test('records every file of the commit by the hash of its bytes, and keeps the texts', async () => {
    const files = {
      'README.md': '# Hello\n',
      'src/ä b.ts': 'export {};\r\n',
      empty: '',
      'logo.png': Buffer.from([0, 255, 1]),
    };
    const repository = await place.git.createRepository('plain', files);
    const projectId = await place.newProject(repository);
    const job = await place.syncFully(projectId);
    expect(job).toMatchObject({ status: 'completed', progress: 100, error: null });

    const [manifest] = await place.manifests(projectId);
    expect(manifest).toMatchObject({
      version: 1,
      ref: 'main',
      file_count: 4,
      commit_sha: runTestGit(repository, ['rev-parse', 'HEAD']),
    });
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
    expect(await place.text(sha256(files['src/ä b.ts']))).toBe(files['src/ä b.ts']);
    expect(await place.storage.head(blobKey(sha256(files['logo.png'])))).toBeNull();
    const inOrder = Object.entries(manifest?.data.files ?? {}).toSorted(([a], [b]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    const composer = new ManifestComposer();
    for (const [path, entry] of inOrder) composer.add(path, entry);
    expect(manifest?.hash).toBe(composer.finish([]).hash);

    const { rows } = await place.database.reads.query(
      `select p.default_branch, p.last_synced_at is not null as synced, s.manifest_id,
         (select array_agg(file_path || ' ' || content_hash order by file_path collate "C") from source_files f where f.project_id = p.id and f.manifest_id = s.manifest_id) as files
       from projects p join repo_syncs s on s.project_id = p.id where p.id = $1`,
      [projectId],
    );
    const expected = Object.entries(files).map(([path, content]) => `${path} ${sha256(content)}`);
    expect(rows).toEqual([
      {
        default_branch: 'main',
        synced: true,
        manifest_id: manifest?.id,
        files: expected.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      },
    ]);
    const events = await place.database.reads.query(
      `select type from events where stream = $1 order by seq`,
      [`project:${projectId}`],
    );
    expect(events.rows.map((row: { type: string }) => row.type)).toEqual([
      'job.queued',
      'job.started',
      'manifest.created',
      'project.updated',
      'job.completed',
    ]);
    const audits = await place.database.reads.query(
      `select action, user_id, changes from audit_logs where entity_type = 'project_manifests' and project_id = $1`,
      [projectId],
    );
    expect(audits.rows).toMatchObject([
      { action: 'create', user_id: place.userId, changes: { fileCount: { new: 4 } } },
    ]);
  });

  test('shows progress that never goes back and ends at 100', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`f/${index}.txt`, `file ${index}\n`]),
    );
    const projectId = await place.newProject(await place.git.createRepository('many', files));
    const { id } = await place.syncFully(projectId);
    await expect
      .poll(() => place.lane.findLast((value) => value.jobId === id))
      .toMatchObject({ status: 'completed', progress: 100 });
    const published = place.published.filter((value) => value.jobId === id);
    const shown = published.map((value) => value.progress);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(new Set(shown).size).toBeGreaterThan(5);
    expect(published.findLastIndex((value) => value.progress < 100)).toBe(published.length - 2);
  });

  test('makes no new version when nothing changed, and reads only what did when something has', async () => {
    const repository = await place.git.createRepository('twice', {
      'a.txt': 'a\n',
      'b.txt': 'b\n',
      'c.txt': 'c\n',
    });
    const projectId = await place.newProject(repository);
    await place.syncFully(projectId);
    const again = await place.syncFully(projectId);
    expect(again).toMatchObject({ status: 'completed', progress: 100 });
    const [only, ...others] = await place.manifests(projectId);
    expect(others).toEqual([]);
    const { rows } = await place.database.reads.query(
      'select manifest_id from repo_syncs where project_id = $1',
      [projectId],
    );
    expect(rows).toEqual([{ manifest_id: only?.id }, { manifest_id: only?.id }]);

    await rm(join(repository, 'b.txt'));
    await place.git.commitFiles(repository, { 'c.txt': 'changed\n', 'd.txt': 'd\n' });
    const { id } = await place.syncFully(projectId);
    const [, second] = await place.manifests(projectId);
    expect(second).toMatchObject({ version: 2, file_count: 3 });
    expect(Object.keys(second?.data.files ?? {}).toSorted()).toEqual(['a.txt', 'c.txt', 'd.txt']);
    // Two files were read, not three.
    expect(place.published.filter((value) => value.jobId === id).map((value) => value.message)).toContain(
      '2 of 2 files read',
    );
    const seen = await place.database.reads.query<{ file_path: string; is_latest: boolean }>(
      'select file_path, manifest_id = $2 as is_latest from source_files where project_id = $1 order by 1',
      [projectId, second?.id],
    );
    expect(seen.rows).toEqual(
      ['a.txt', 'b.txt', 'c.txt', 'd.txt'].map((file_path) => ({
        file_path,
        is_latest: file_path !== 'b.txt',
      })),
    );
  });

  test('stores the texts again when the storage lost them', async () => {
    const projectId = await place.newProject(
      await place.git.createRepository('emptied', { 'only.txt': 'only here\n' }),
    );
    await place.syncFully(projectId);
    await place.storage.delete(blobKey(sha256('only here\n')));
    expect((await place.syncFully(projectId)).status).toBe('completed');
    expect(await place.text(sha256('only here\n'))).toBe('only here\n');
    expect(await place.manifests(projectId)).toHaveLength(1);
  });

  test('reads the branch, tag or commit that was asked for', async () => {
    const repository = await place.git.createRepository('refs', { 'a.txt': 'one\n' });
    const first = runTestGit(repository, ['rev-parse', 'HEAD']);
    runTestGit(repository, ['tag', 'v1']);
    runTestGit(repository, ['checkout', '--quiet', '-b', 'feature/x']);
    const second = await place.git.commitFiles(repository, { 'a.txt': 'two\n' });
    runTestGit(repository, ['checkout', '--quiet', 'main']);
    const projectId = await place.newProject(repository);
    for (const ref of ['feature/x', 'v1', first])
      expect((await place.syncFully(projectId, ref)).status).toBe('completed');
    const made = await place.manifests(projectId);
    // The tag and the commit are the same content, so they are one version.
    expect(made.map(({ ref, commit_sha }) => [ref, commit_sha])).toEqual([
      ['feature/x', second],
      ['v1', first],
    ]);
    const { rows } = await place.database.reads.query('select default_branch from projects where id = $1', [
      projectId,
    ]);
    expect(rows).toEqual([{ default_branch: null }]);
  });

  test('of one project is one at a time', async () => {
    const projectId = await place.newProject(await place.git.createRepository('once', { a: 'a' }));
    const results = await Promise.allSettled([
      place.sync(projectId),
      place.sync(projectId),
      place.sync(projectId),
    ]);
    const queued = results.filter((result) => result.status === 'fulfilled');
    expect(queued).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ errorCode: 'JOB_ALREADY_RUNNING' });
    }
    await place.over(queued[0]?.value.id ?? '');
    expect((await place.syncFully(projectId)).status).toBe('completed');
  });
});

test('a sync that is cancelled while git reads ends git, and leaves the mirror to the next one', async () => {
  const repository = await place.git.createRepository('stuck', { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const oid = runTestGit(repository, ['rev-parse', 'HEAD:b.txt']);
  const object = join(repository, '.git', 'objects', oid.slice(0, 2), oid.slice(2));
  await rename(object, `${object}-kept`);
  // Whoever opens a pipe waits until someone writes to it.
  execFileSync('/usr/bin/mkfifo', [object]);
  const projectId = await place.newProject(repository);
  const { id } = await place.sync(projectId);
  await expect.poll(() => place.published.findLast((value) => value.jobId === id)?.stage).toBe('list');
  await transact(place.database.orm, { actorId: place.userId, via: 'session' }, (em) =>
    cancelJob(em, { projectId, jobId: id }),
  );
  await rm(object);
  await rename(`${object}-kept`, object);
  expect((await place.syncFully(projectId)).status).toBe('completed');
  expect(await place.job(id)).toMatchObject({ status: 'cancelled', error: null });
  expect((await place.manifests(projectId)).map(({ version }) => version)).toEqual([1]);
});

test('a manifest that comes while the first sync records its files does not keep what is newer from being recorded', async () => {
  const files = { 'kept.txt': 'kept\n', 'new.txt': 'new\n' };
  const projectId = await place.newProject(await place.git.createRepository('overtaken', files));
  const { storage } = place;
  const { reads } = place.database;
  const recorded = async () =>
    (
      await reads.query<{ file_path: string; content_hash: string; manifest_id: string }>(
        'select file_path, content_hash, manifest_id from source_files where project_id = $1 order by file_path',
        [projectId],
      )
    ).rows;
  /** As another sync leaves it, which knew other contents. */
  async function overtake(): Promise<void> {
    while ((await recorded()).length < 2);
    await reads.query(
      `with other as (
         insert into project_manifests (id, project_id, version, data, hash, commit_sha, ref, file_count)
         values (gen_random_uuid(), $1, 1, '{"files":{},"warnings":[]}', repeat('a', 64), repeat('f', 40), 'main', 2)
         returning id
       )
       insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
       select gen_random_uuid(), $1, other.id, path, repeat('0', 64), now()
       from other, unnest(array['gone.txt', 'kept.txt']) as path
       on conflict (project_id, file_path) do update
       set manifest_id = excluded.manifest_id, content_hash = excluded.content_hash`,
      [projectId],
    );
  }
  const openBatch = storage.openBlobBatch.bind(storage);
  storage.openBlobBatch = async () => {
    const batch = await openBatch();
    const commit = batch.commit.bind(batch);
    return Object.assign(batch, { commit: () => overtake().then(commit) });
  };
  try {
    expect(await place.syncFully(projectId)).toMatchObject({ status: 'completed' });
  } finally {
    storage.openBlobBatch = openBatch;
  }
  const [first, second] = await place.manifests(projectId);
  expect([first?.version, second?.version]).toEqual([1, 2]);
  expect(await recorded()).toEqual([
    { file_path: 'gone.txt', content_hash: '0'.repeat(64), manifest_id: first?.id },
    { file_path: 'kept.txt', content_hash: sha256('kept\n'), manifest_id: second?.id },
    { file_path: 'new.txt', content_hash: sha256('new\n'), manifest_id: second?.id },
  ]);
});

test('the first sync forgets what one that failed has recorded, and what it records is of its manifest', async () => {
  const repository = await place.git.createRepository('remains', { 'now.txt': 'now\n' });
  const projectId = await place.newProject(repository);
  await place.database.reads.query(
    `insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
     select gen_random_uuid(), $1, gen_random_uuid(), path, repeat('0', 64), now()
     from unnest(array['then.txt', 'now.txt']) as path`,
    [projectId],
  );
  expect((await place.syncFully(projectId)).status).toBe('completed');
  const [manifest] = await place.manifests(projectId);
  const { rows } = await place.database.reads.query(
    'select file_path, content_hash, manifest_id from source_files where project_id = $1',
    [projectId],
  );
  expect(rows).toEqual([{ file_path: 'now.txt', content_hash: sha256('now\n'), manifest_id: manifest?.id }]);
});
