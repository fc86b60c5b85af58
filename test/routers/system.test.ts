import { afterAll, beforeAll, expect, test } from 'vitest';
import { settingTable } from '../../src/settings.ts';
import { hideCredentials } from '../../src/views/settings.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let second: TestServer;
let admin: Person;
let projectId: string;

const secretKey = Buffer.alloc(32, 7).toString('base64');

beforeAll(async () => {
  const settings = {
    SECRET_KEY: secretKey,
    SMTP_URL: 'smtp://post:p@ss/word@mail.example.org:25',
    MAX_BATCH: '40',
  };
  server = await startServer({ services: new Set(['api', 'realtime']), settings });
  second = await startServer({
    services: new Set(['realtime']),
    beside: server,
    settings: { SECRET_KEY: secretKey },
  });
  admin = await server.admin();
  projectId = (await admin.client.projects.create.mutate({ name: 'Watched over' })).id;
});
afterAll(async () => {
  await second.close();
  await server.close();
});

const query = (text: string, values: unknown[] = []) => server.tessera.services.reads.query(text, values);

test('an administrator sees every setting with its meaning, its default and whether it was set', async () => {
  const { items } = await admin.client.system.settings.query();
  expect(items.map(({ name }) => name)).toEqual(Object.keys(settingTable));
  const byName = new Map(items.map((item) => [item.name, item]));
  expect(byName.get('MAX_BATCH')).toEqual({
    name: 'MAX_BATCH',
    meaning: 'Calls in one batch, at most.',
    default: '32',
    isSet: true,
    isSecret: false,
    value: '40',
  });
  expect(byName.get('MAX_BODY_BYTES')).toMatchObject({ isSet: false, value: '1048576' });
  expect(byName.get('BUS_URL')).toMatchObject({ isSet: false, default: null, value: null });
});

test('no secret is shown, only that it is set, and no password in an address', async () => {
  const answer = await admin.client.system.settings.query();
  const byName = new Map(answer.items.map((item) => [item.name, item]));
  expect(byName.get('SECRET_KEY')).toMatchObject({ isSet: true, isSecret: true, value: null });
  expect(byName.get('POLAR_ACCESS_TOKEN')).toMatchObject({ isSet: false, isSecret: true, value: null });
  expect(byName.get('SMTP_URL')?.value).toBe('smtp://…@mail.example.org:25');
  const text = JSON.stringify(answer);
  for (const secret of [secretKey, 'p@ss', 'ss/word']) expect(text).not.toContain(secret);
});

test.each([
  ['postgres://user:pass@db/tessera', 'postgres://…@db/tessera'],
  [
    'postgres://db/tessera?user=a&password=b#c&sslmode=require',
    'postgres://db/tessera?user=a&password=…&sslmode=require',
  ],
  ['nats://token@one:4222,tls://u:p@two', 'nats://…@one:4222,tls://…@two'],
  ['nats://u:a,b@one', 'nats://…@one'],
  ['https://example.org/a?b=c', 'https://example.org/a?b=c'],
  ['Tessera <tessera@localhost>', 'Tessera <tessera@localhost>'],
])('of %s is shown %s', (address, shown) => {
  expect(hideCredentials(address)).toBe(shown);
});

test('an administrator sees all nodes that are alive, the one that answers first', async () => {
  const socket = server.connect(admin.token);
  await new Promise<void>((resolve, reject) => {
    socket.projects.watch.subscribe({ projectId }, { onData: () => resolve(), onError: reject });
  });
  await admin.client.projects.update.mutate({ projectId, name: 'Seen' });
  await expect
    .poll(async () => (await admin.client.system.health.query()).nodes[0]?.live.lagMs)
    .toEqual({
      p50: expect.any(Number),
      p95: expect.any(Number),
      p99: expect.any(Number),
      max: expect.any(Number),
    });
  const { nodes } = await admin.client.system.health.query();
  expect(nodes).toHaveLength(2);
  expect(nodes[0]).toMatchObject({
    live: { streams: 1, resyncs: 0, slowReaders: 0, waitingBytes: 0 },
    services: ['api', 'realtime'],
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    runtime: process.version,
    parts: { accepting: true, database: true, migrations: true, 'bus.postgres': true, storage: true },
    storage: 'files',
    mail: 'smtp',
    startedAt: expect.any(Date),
    toldAt: expect.any(Date),
  });
  expect(nodes[0]?.subscriptions).toBeGreaterThanOrEqual(1);
  expect(nodes[0]?.sockets).toBeGreaterThanOrEqual(1);
  expect(nodes[0]?.live.delivered).toBeGreaterThanOrEqual(1);
  expect(nodes[0]?.calls.answered).toBeGreaterThanOrEqual(3);
  expect(nodes[0]?.calls.failed).toBe(0);
  expect(nodes[0]?.memory.residentMb).toBeGreaterThan(0);
  expect(nodes[1]).toMatchObject({
    services: ['realtime'],
    sockets: 0,
    calls: { answered: 0 },
    live: { streams: 0, lagMs: null },
    mail: 'folder',
    toldAt: expect.any(Date),
  });
  expect(nodes[1]?.node).not.toBe(nodes[0]?.node);
});

test('it says what waits in the queue, and how far the followers are behind when no worker runs', async () => {
  await query(
    `insert into jobs (id, job_type, project_id, status, created_at) values
      (gen_random_uuid(), 'media.probe', $1, 'queued', '2026-01-01'), (gen_random_uuid(), 'media.probe', $1, 'queued', now()),
      (gen_random_uuid(), 'media.probe', $1, 'running', now()), (gen_random_uuid(), 'media.probe', $1, 'completed', now())`,
    [projectId],
  );
  await query(
    `insert into jobs (id, job_type, project_id, status, run_at) values (gen_random_uuid(), 'repositories.sync', $1, 'queued', now() + interval '1 hour')`,
    [projectId],
  );
  const { queue, followers, database } = await admin.client.system.health.query();
  expect(queue).toEqual([
    { jobType: 'media.probe', waiting: 2, running: 1, oldestWaitingAt: new Date('2026-01-01T00:00:00Z') },
  ]);
  expect(followers.map(({ name }) => name)).toContain('notifications');
  const behind = followers.find(({ name }) => name === 'notifications');
  expect(behind?.streams).toBe(1);
  expect(behind?.events).toBeGreaterThanOrEqual(1);
  expect(behind?.behindSinceAt).toBeInstanceOf(Date);
  await query(
    `insert into follower_cursors (follower, stream, seq) select f.name, stream, seq from streams
      cross join unnest($1::text[]) as f (name) on conflict do nothing`,
    [followers.map(({ name }) => name)],
  );
  const { followers: caughtUp } = await admin.client.system.health.query();
  expect(caughtUp.map(({ streams, events, behindSinceAt }) => [streams, events, behindSinceAt])).toEqual(
    caughtUp.map(() => [0, 0, null]),
  );
  expect(database).toMatchObject({ version: expect.stringMatching(/^\d+/), now: expect.any(Date) });
  expect(database.sizeBytes).toBeGreaterThan(0);
  expect(database.connections).toBeLessThan(database.maxConnections);
});

test('it says when recurring work last came, and why it failed', async () => {
  await query(
    `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution) values ('retention.purge', now(), '2026-11-01T03:00:00Z')
      on conflict (identifier) do update set last_execution = excluded.last_execution`,
  );
  await query(
    `select graphile_worker.add_job('retention.purge', '{}'::json, job_key => 'retention.purge', max_attempts => 1)`,
  );
  await query(
    `update graphile_worker._private_jobs set attempts = 1, last_error = 'the disk is full' where key = 'retention.purge'`,
  );
  const { recurring } = await admin.client.system.health.query();
  expect(recurring.map(({ name }) => name)).toContain('notifications.digest');
  expect(recurring.find(({ name }) => name === 'retention.purge')).toEqual({
    name: 'retention.purge',
    schedule: expect.stringMatching(/^\S+ \S+ \S+ \S+ \S+$/),
    lastRunAt: new Date('2026-11-01T03:00:00Z'),
    isRunning: false,
    error: 'the disk is full',
  });
  expect(recurring.find(({ name }) => name === 'audit.seal')).toMatchObject({ lastRunAt: null, error: null });
});

test('whatever is said on the lanes of nodes breaks nothing', async () => {
  const asking = admin.client.system.health.query();
  for (const lane of ['node-ask', 'node-tell'])
    for (const value of [{}, { node: 5 }, { node: 'x', services: 'all' }])
      await query(`select pg_notify('tessera_bus', $1)`, [
        JSON.stringify({ v: 1, node: 'x', hints: [], lanes: [['user:x', lane, 'k', value]] }),
      ]);
  expect((await asking).nodes).toHaveLength(2);
});

test('nobody else sees settings or health', async () => {
  const person = await server.person();
  for (const asked of [person.client.system.settings.query(), person.client.system.health.query()])
    expect(await failureOf(asked)).toMatchObject({ code: 'FORBIDDEN' });
});
