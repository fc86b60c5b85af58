import pino from 'pino';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { openWorkerPool } from '../../src/jobs/openWorkerPool.ts';
import type { Recurring, RecurringTools } from '../../src/jobs/recurring.ts';
import { superviseRunner } from '../../src/jobs/superviseRunner.ts';
import { createDatabase } from '../support/cluster.ts';
import { waitFor } from '../support/waitFor.ts';

test('a worker that stops while its queue is started anew stops that too', async () => {
  await using file = await createDatabase(inject('cluster'));
  await using database = await openDatabase(file.connection, { poolSize: 2, onPoolError: () => {} });
  let hasGivenUp = false;
  const log = pino(
    { level: 'error' },
    { write: (line: string) => void (hasGivenUp ||= line.includes('is started anew')) },
  );
  await using pool = Object.assign(openWorkerPool(file.connection, 5, log), {
    async [Symbol.asyncDispose]() {
      await pool.end();
    },
  });
  const seldom: Recurring = { name: 'test.seldom', schedule: '0 0 1 1 *', run: async () => {} };
  const tools = {} as RecurringTools;
  const stop = await superviseRunner({ pool, log, recurring: [seldom], tools });

  // graphile-worker gives up when it is told that its tables are others, and wants the process to end so, too.
  const { exitCode } = process;
  onTestFinished(() => void (process.exitCode = exitCode));
  await waitFor(async () => {
    await database.reads.query(`select pg_notify('worker:migrate', '{"breaking":true}')`);
    expect(hasGivenUp).toBe(true);
  });

  const starting = Promise.withResolvers<void>();
  const mayStart = Promise.withResolvers<void>();
  const connect = pool.connect.bind(pool);
  const connectLater = (callback?: Parameters<typeof connect>[0]) => {
    starting.resolve();
    return callback ? connect(callback) : mayStart.promise.then(() => connect());
  };
  pool.connect = connectLater as typeof connect;
  await starting.promise;
  const stopped = stop();
  mayStart.resolve();
  await stopped;
  // It neither works nor listens any more.
  await waitFor(() => expect(pool.totalCount).toBe(pool.idleCount));
});
