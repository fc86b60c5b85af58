/** What becomes of running work when `npm start -- --services=worker` gets SIGTERM. */
import { execFileSync } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { runTestGit } from '../drivers/makeRepository.ts';
import { type Workplace, openWorkplace } from '../jobs/openWorkplace.ts';
import { openBlocker } from '../support/openBlocker.ts';
import { waitFor } from '../support/waitFor.ts';
import { type Node, startNode } from '../support/startNode.ts';

let place: Workplace;

beforeAll(async () => {
  place = await openWorkplace();
});
afterAll(() => place[Symbol.asyncDispose]());

async function startWorkerNode(settings: Record<string, string>): Promise<Node> {
  const { host, port, user, database } = place.file.connection;
  const node = await startNode(
    {
      DATABASE_URL: `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`,
      DATA_DIR: place.settings.DATA_DIR,
      REPOSITORY_PATHS: place.git.allowed,
      ...settings,
    },
    'worker',
  );
  onTestFinished(() => node.kill());
  return node;
}

test('work that ends in time is finished before the process is gone', async () => {
  const node = await startWorkerNode({ STOP_SECONDS: '300' });
  await using blocker = await openBlocker({ database: place.file });
  await blocker.query('lock table project_manifests in share mode');
  const repository = await place.git.createRepository('ending', { 'a.txt': 'a\n' });
  const { id } = await place.sync(await place.newProject(repository));
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await waitFor(async () => expect((await place.database.reads.query(waiting)).rowCount).toBeGreaterThan(0));
  const stopped = node.stop();
  await blocker.query('commit');
  expect(await stopped).toBe(0);
  expect(await place.job(id)).toMatchObject({ attempts: 1, status: 'completed' });
});

test('work that does not is handed back, and another worker takes it up at once', async () => {
  const repository = await place.git.createRepository('endless', { 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const oid = runTestGit(repository, ['rev-parse', 'HEAD:b.txt']);
  const object = join(repository, '.git', 'objects', oid.slice(0, 2), oid.slice(2));
  await rename(object, `${object}-kept`);
  // Whoever opens a pipe waits until someone writes to it.
  execFileSync('/usr/bin/mkfifo', [object]);
  const node = await startWorkerNode({ STOP_SECONDS: '2' });
  const { id } = await place.sync(await place.newProject(repository));
  await waitFor(() => expect(place.lane.findLast(({ jobId }) => jobId === id)?.stage).toBe('list'));
  expect(await node.stop()).toBe(0);
  expect(await place.job(id)).toMatchObject({ status: 'queued', attempts: 1 });
  await rm(object);
  await rename(`${object}-kept`, object);
  await using _worker = await place.work();
  expect(await place.over(id)).toMatchObject({ status: 'completed', attempts: 2 });
});
