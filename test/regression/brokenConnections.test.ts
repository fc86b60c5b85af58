import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { openBlocker } from '../support/openBlocker.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { waitFor } from '../support/waitFor.ts';

let server: TestServer;
let ada: Person;
/** In no transaction: within one, PostgreSQL shows the sessions that there were when it was first asked. */
let operator: pg.Client;

beforeAll(async () => {
  server = await startServer({ settings: { DATABASE_POOL: '6' } });
  ada = await server.person('Ada');
  operator = new pg.Client({ ...server.database.connection });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await server.close();
});

test('connections that die inside transactions give their places back: writes work again without a restart', async () => {
  const project = await ada.client.projects.create.mutate({ name: 'Survivor' });
  for (let round = 0; round < 3; round += 1) {
    await using blocker = await openBlocker(server);
    const { rows: own } = await blocker.query<{ pid: number }>(
      'select pg_backend_pid() as pid from streams where stream = $1 for update',
      [`project:${project.id}`],
    );
    const calls = Promise.allSettled(
      Array.from({ length: 6 }, (_, index) =>
        server
          .connect(ada.token)
          .projects.update.mutate({ projectId: project.id, name: `Round ${round} ${index}` }),
      ),
    );
    await waitFor(async () => {
      const { rows } = await operator.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      expect(rows[0]?.n).toBeGreaterThan(0);
    });
    await operator.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid not in (pg_backend_pid(), $1) and datname = current_database()',
      [own[0]?.pid],
    );
    await blocker.query('commit');
    await calls;
  }
  await waitFor(async () =>
    expect(
      (await ada.client.projects.update.mutate({ projectId: project.id, name: 'Still here' })).name,
    ).toBe('Still here'),
  );
});
