import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
const jobId = randomUUID();
const query = (text: string, values: unknown[] = []) => server.tessera.services.reads.query(text, values);

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
  await query(`insert into jobs (id, job_type) values ($1, 'media.translate')`, [jobId]);
});
afterAll(() => server.close());

const change = (key: string, delta = 5) =>
  query(
    `insert into credits_history (id, user_id, delta, reason, job_id, balance_after, idempotency_key)
     values ($1, $2, $3, 'grant', $4, 5, $5)`,
    [randomUUID(), ada.id, delta, jobId, key],
  );

test('a change of credits is written once for its key, says something, and is never changed or lost', async () => {
  await change('a');
  await expect(change('a')).rejects.toThrow('credits_history_idempotency_key_unique');
  await expect(change('b', 0)).rejects.toThrow('credits_history_delta_not_zero');
  for (const statement of [
    'update credits_history set delta = 6',
    'delete from credits_history',
    'truncate credits_history',
  ])
    await expect(query(statement)).rejects.toThrow();
  await expect(query('delete from jobs where id = $1', [jobId])).rejects.toThrow(
    'credits_history_job_id_foreign',
  );
  expect((await query('select delta::int from credits_history')).rows).toEqual([{ delta: 5 }]);
});

test('a job holds credits once, captures at most what it holds, and ends once', async () => {
  const hold = () =>
    query(
      `insert into credit_holds (id, user_id, job_id, amount, expires_at) values ($1, $2, $3, 10, now())`,
      [randomUUID(), ada.id, jobId],
    );
  await hold();
  await expect(hold()).rejects.toThrow('credit_holds_job_id_unique');
  const resolve = (status: string, captured: number) =>
    query('update credit_holds set status = $1, captured = $2, resolved_at = now()', [status, captured]);
  await expect(resolve('captured', 11)).rejects.toThrow('credit_holds_captured_within');
  await expect(resolve('released', 1)).rejects.toThrow('credit_holds_captured_when');
  await expect(query(`update credit_holds set status = 'released'`)).rejects.toThrow('credit_holds_resolved');
  await resolve('captured', 7);
});

test('a payment of a provider, and a message of its webhook, is there once', async () => {
  const pay = () =>
    query(
      `insert into transactions (id, user_id, provider, provider_payment_id, amount_cents, currency, credits_bought, status)
       values ($1, $2, 'test', 'p1', 100, 'EUR', 10, 'succeeded')`,
      [randomUUID(), ada.id],
    );
  await pay();
  await expect(pay()).rejects.toThrow('transactions_provider_payment_id_unique');
  const receive = () =>
    query(
      `insert into webhook_inbox (id, provider, webhook_id, event_type, payload) values ($1, 'test', 'w1', 'order.paid', '{}')`,
      [randomUUID()],
    );
  await receive();
  await expect(receive()).rejects.toThrow('webhook_inbox_message_unique');
});
