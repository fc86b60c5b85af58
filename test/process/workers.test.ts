/** Workers as `npm start -- --services=worker` starts them, several on one database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Workplace, openWorkplace } from '../jobs/openWorkplace.ts';
import { type Node, startNode } from '../support/startNode.ts';

let place: Workplace;
let workers: Node[] = [];

beforeAll(async () => {
  place = await openWorkplace();
  const { host, port, user, database } = place.file.connection;
  const settings = {
    DATABASE_URL: `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`,
    DATA_DIR: place.settings.DATA_DIR,
    REPOSITORY_PATHS: place.git.allowed,
    WORKER_CONCURRENCY: '1',
    JOBS_PER_PROJECT: '1',
    LOG_LEVEL: 'silent',
  };
  workers = await Promise.all([1, 2].map(() => startNode(settings, 'worker')));
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await place[Symbol.asyncDispose]();
});

test('two worker processes share the queue of one database, and one goes on when the other is killed', async () => {
  const repository = await place.git.createRepository('shared', { 'a.txt': 'a' });
  const sync = async () => (await place.sync(await place.newProject(repository))).id;
  const first = await Promise.all(Array.from({ length: 6 }, sync));
  const ended = await Promise.all(first.map((id) => place.over(id)));
  expect(ended.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(
    first.map(() => 'completed 1'),
  );
  await workers[0]?.kill();
  const second = await Promise.all(Array.from({ length: 3 }, sync));
  for (const id of second) expect((await place.over(id)).status).toBe('completed');
});
