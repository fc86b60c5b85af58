import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { purgeWebhookLog } from '../../src/jobs/webhooks.purge.ts';
import { startReceiver } from '../support/receiver.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

const settings = { WEBHOOK_TARGETS: '127.0.0.1', WEBHOOK_HTTP: 'true', STOP_SECONDS: '2' };
let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer({ settings, services: new Set(['api']) });
  ada = await server.person('Ada');
});
afterAll(() => server.close());

const startWorker = () => startServer({ settings, services: new Set(['worker']), beside: server });

async function makeWebhook(url: string): Promise<{ projectId: string; webhookId: string }> {
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Hooked' });
  const { webhook } = await ada.client.webhooks.create.mutate({ projectId, url, events: ['issue.*'] });
  return { projectId, webhookId: webhook.id };
}

test('a message whose worker dies before it could say what was answered comes again under the same id', async () => {
  await using receiver = await startReceiver();
  const of = await makeWebhook(receiver.url);
  const program = fileURLToPath(new URL('slowCourier.ts', import.meta.url));
  const parameters = [program, JSON.stringify(server.database.connection), server.dataDir];
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const { deliveryId } = await ada.client.webhooks.ping.mutate(of);
    await once(createInterface({ input: child.stdout }), 'line');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const read = () => ada.client.webhooks.delivery.query({ ...of, deliveryId });
    expect(await read()).toMatchObject({
      status: 'pending',
      attempts: 1,
      tries: [{ number: 1, durationMs: null, httpStatus: null }],
    });
    // Its lease runs out.
    await server.tessera.services.reads.query(
      'update webhook_deliveries set leased_until = now() where id = $1 and leased_until > now()',
      [deliveryId],
    );
    await using _worker = await startWorker();
    const [first, second] = await receiver.until(2);
    expect(first?.headers['webhook-id']).toBe(deliveryId);
    expect(second?.headers['webhook-id']).toBe(deliveryId);
    expect(second?.body.equals(first!.body)).toBe(true);
    while ((await read()).status !== 'delivered') await delay(20);
    expect((await read()).tries.map(({ number, httpStatus }) => [number, httpStatus])).toEqual([
      [2, 200],
      [1, null],
    ]);
  } finally {
    child.kill('SIGKILL');
  }
});

test('several workers send each message once, and together no more than four at a time to one receiver', async () => {
  await using receiver = await startReceiver();
  const { projectId } = await makeWebhook(receiver.url);
  let [now, most] = [0, 0];
  receiver.reply = (response) => {
    now += 1;
    most = Math.max(most, now);
    setTimeout(() => {
      now -= 1;
      response.end();
    }, 20);
  };
  const titles = Array.from({ length: 24 }, (_, index) => `Issue ${index}`);
  await Promise.all(titles.map((title) => ada.client.issues.create.mutate({ projectId, title })));
  await using _one = await startWorker();
  await using _other = await startWorker();
  const all = await receiver.until(24);
  expect(all.map(({ message }) => String(message.data['title'])).toSorted()).toEqual(titles.toSorted());
  expect(most).toBe(4);
});

test('a worker that stops gives back what has no answer yet', async () => {
  await using receiver = await startReceiver();
  receiver.reply = () => {};
  const of = await makeWebhook(receiver.url);
  const worker = await startWorker();
  const { deliveryId } = await ada.client.webhooks.ping.mutate(of);
  await receiver.until(1);
  await worker.close();
  const { rows } = await server.tessera.services.reads.query(
    'select status, leased_until, next_attempt_at <= now() as due from webhook_deliveries where id = $1',
    [deliveryId],
  );
  expect(rows).toEqual([{ status: 'pending', leased_until: null, due: true }]);
});

test('a receiver that stalls does not hold up another', async () => {
  await using slow = await startReceiver();
  await using other = await startReceiver();
  slow.reply = () => {};
  const { projectId } = await makeWebhook(slow.url);
  await ada.client.webhooks.create.mutate({ projectId, url: other.url, events: ['issue.*'] });
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      ada.client.issues.create.mutate({ projectId, title: `${index}` }),
    ),
  );
  await using _worker = await startWorker();
  await other.until(12);
  expect(slow.received.length).toBeLessThanOrEqual(4);
  expect(slow.received.length).toBeGreaterThan(0);
});

test('the log of deliveries forgets after thirty days what is over, and nothing else', async () => {
  const { webhookId } = await makeWebhook('http://127.0.0.1:9/');
  const { orm, reads, settings: own } = server.tessera.services;
  const insert = (days: number, state: 'pending' | 'failed', seq: number) =>
    reads.query(
      `insert into webhook_deliveries (id, webhook_id, event_stream, event_seq, event_type, body, status, failure, next_attempt_at)
        values ($1, $2, 'project:x', $3, 'x', '{}', $4::delivery_status, case when $4 = 'failed' then 'exhausted' end,
          case when $4 = 'pending' then 'infinity'::timestamptz end)`,
      [uuidv7({ msecs: Date.now() - days * 86_400_000 }), webhookId, seq, state],
    );
  await insert(31, 'failed', 1);
  await insert(29, 'failed', 2);
  await insert(31, 'pending', 3);
  await purgeWebhookLog.run({ orm, settings: own } as Parameters<typeof purgeWebhookLog.run>[0]);
  const { rows } = await reads.query<{ seq: number }>(
    'select event_seq::int as seq from webhook_deliveries where webhook_id = $1 order by event_seq',
    [webhookId],
  );
  expect(rows.map(({ seq }) => seq)).toEqual([2, 3]);
});
