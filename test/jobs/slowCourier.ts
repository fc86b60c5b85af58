/**
 * A sender of webhooks in a process of its own, to be killed: `node slowCourier.ts <connection as JSON> <data
 * directory>`. It gets its answer, says so, and never writes it down.
 */
import pino from 'pino';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { openDatabase } from '../../src/database/openDatabase.ts';
import { Outbound } from '../../src/drivers/outbound/Outbound.ts';
import { openSecretBox } from '../../src/drivers/secrets/openSecretBox.ts';
import { Courier } from '../../src/jobs/webhooks.deliver.ts';

const [connection = '', dataDir = ''] = process.argv.slice(2);
const database = await openDatabase(JSON.parse(connection), { poolSize: 4, onPoolError: () => {} });
const { orm, reads: pool } = database;
const query = pool.query.bind(pool) as (...given: unknown[]) => unknown;
Object.assign(pool, {
  query(...given: unknown[]) {
    const [asked] = given;
    const isRecord = typeof asked === 'object' && JSON.stringify(asked).includes('record webhook attempt');
    if (!isRecord) return query(...given);
    console.log('answered');
    return new Promise(() => {});
  },
});
new Courier({
  orm,
  pool,
  authorizer: new Authorizer(pool, { sessionIdleDays: 1 }),
  secrets: await openSecretBox({ DATA_DIR: dataDir }),
  outbound: new Outbound({ allowedSubnets: ['127.0.0.1'], allowHttp: true, timeoutMs: 5_000 }),
  log: pino({ level: 'silent' }),
  concurrency: 4,
  stopMs: 100,
  count: () => {},
  pollMs: 50,
}).wake();
