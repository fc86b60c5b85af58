import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { PreparingClient } from '../../src/database/PreparingClient.ts';
import { openDatabase, toPgConfig } from '../../src/database/openDatabase.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(inject('cluster'));
});
afterAll(() => database.drop());

async function connect() {
  const client = new PreparingClient(toPgConfig(database.connection));
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  const { stream } = (client as unknown as { connection: { stream: import('node:net').Socket } }).connection;
  return { client, stream };
}

test('the beginning of a transaction travels with its first statement, and all of it is undone together', async () => {
  const { client, stream } = await connect();
  await client.query('create temporary table kept (n int)');
  const order: string[] = [];
  stream.once('data', () => order.push('an answer'));
  await client.query('begin');
  order.push('begun');
  await client.query('insert into kept values ($1)', [1]);
  expect(order).toEqual(['begun', 'an answer']);
  await client.query('rollback');
  expect((await client.query('select * from kept')).rows).toEqual([]);
  await client.query('begin');
  await client.query('insert into kept values ($1)', [2]);
  await client.query('commit');
  expect((await client.query('select * from kept')).rows).toEqual([{ n: 2 }]);
});

test('a transaction that cannot begin breaks the connection off, so that nothing runs outside of it', async () => {
  const { client } = await connect();
  await client.query('begin');
  await expect(client.query('select 1 / $1::int', [0])).rejects.toThrow('division by zero');
  // Refused, for the transaction before was not rolled back.
  await client.query('begin');
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await expect(client.query('select $1::int', [1])).rejects.toThrow();
  await ended;
});

test('a connection for reads that breaks while it is taken ends nothing but its next statement', async () => {
  await using opened = await openDatabase(database.connection, { poolSize: 4, onPoolError: () => {} });
  const client = await opened.reads.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await opened.reads.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;
  await expect(client.query('select 1')).rejects.toThrow();
  client.release(true);
});
