/** With workers: what recurs is really run, and what is paid for is released by whoever ends the job. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transact, systemCause } from '../../src/database/transaction.ts';
import { moveCredits } from '../../src/domain/credits/moveCredits.ts';
import { verifyAllCredits } from '../../src/jobs/credits.verify.ts';
import { recurring } from '../../src/jobs/recurring.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { childEnvironment } from '../support/childEnvironment.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    settings: {
      PAYMENTS: 'test',
      CREDIT_PACKAGES: '[{"id":"small","credits":100,"amountCents":500,"currency":"EUR"}]',
    },
  });
});
afterAll(() => server.close());

/** Runs `npm run credits:verify` on the server's database. */
function runCheck({ database }: TestServer): Promise<[code: number, text: string]> {
  const { host, port, user, database: name } = database.connection;
  const url = `postgres://${user}@localhost:${port}/${name}?host=${encodeURIComponent(host)}`;
  const env = { ...childEnvironment, DATABASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/verifyCredits.ts'], { env }, (error, stdout, stderr) => {
      resolve([error ? Number(error.code) : 0, (stdout + stderr).trim()]);
    });
  });
}

test('a payment is dealt with by a worker as soon as it was told of', async () => {
  const { client } = await server.person('Buyer');
  const { url } = await client.payments.checkout.mutate({ packageId: 'small' });
  const frames = collectFrames<{ type: string; payload?: { balance: number } }>((on) =>
    client.credits.watch.subscribe({}, on),
  );
  await frames.until(({ type }) => type === 'snapshot');
  await fetch(url ?? '', { method: 'POST' });
  const { payload } = await frames.until(({ type }) => type === 'credits.changed');
  frames.stop();
  expect(payload?.balance).toBe(100);
});

test('the nightly check passes while all agrees, and fails with what does not', async () => {
  const { orm, reads, settings } = server.tessera.services;
  expect(recurring.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['credits.expire', 'credits.verify', 'payments.process']),
  );
  const { id } = await server.person('Odd');
  await transact(orm, systemCause, (em) =>
    moveCredits(em, { userId: id, delta: 5, kind: 'grant', reason: 'five', key: randomUUID() }),
  );
  await reads.query(
    `insert into webhook_inbox (id, provider, webhook_id, event_type, payload, processed_at)
     values ($1, 'polar', 'long ago', 'order.paid', '{}', now() - interval '100 days')`,
    [randomUUID()],
  );
  expect(await runCheck(server)).toEqual([0, 'All records of credits agree.']);
  const check = () => verifyAllCredits.run({ orm, settings } as Parameters<typeof verifyAllCredits.run>[0]);
  await check();
  expect((await reads.query(`select from webhook_inbox where webhook_id = 'long ago'`)).rowCount).toBe(0);
  await reads.query('update actors set credits = 6, credits_held = 7, credit_debt = 1 where id = $1', [id]);
  await expect(check()).rejects.toThrow(`The balance of ${id} is 6, and its history adds up to 5.`);
  await expect(check()).rejects.toThrow('4 differences');
  const [code, text] = await runCheck(server);
  expect(code).toBe(1);
  expect(text).toContain(`Of ${id} 7 credits are held, which is more than its balance of 6.`);
});
