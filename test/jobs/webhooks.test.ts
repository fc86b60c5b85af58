import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { wakeSenders } from '../../src/domain/webhooks/wakeSenders.ts';
import { waitFor } from '../support/waitFor.ts';
import { failureOf } from '../support/failure.ts';
import { type Receiver, isGenuine, startReceiver, status } from '../support/receiver.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { type Delivery, hasEnded, tried, waitForDelivery, waitForNotice } from './waitForDelivery.ts';

let server: TestServer;
let ada: Person;
let projectId: string;
let receiver: Receiver;

beforeAll(async () => {
  server = await startServer({
    settings: { WEBHOOK_TARGETS: '127.0.0.1', WEBHOOK_HTTP: 'true', WEBHOOK_SECONDS: '1' },
  });
  ada = await server.person('Ada');
});
afterAll(() => server.close());
beforeEach(async () => {
  receiver = await startReceiver();
  projectId = (await ada.client.projects.create.mutate({ name: 'Hooked' })).id;
});
afterEach(async () => {
  await ada.client.projects.delete.mutate({ projectId }).catch(() => {});
  await receiver[Symbol.asyncDispose]();
});

const query = <R extends object>(sql: string, values: unknown[]) =>
  server.tessera.services.reads.query<R>(sql, values).then(({ rows }) => rows);

const make = (events = ['issue.created'], url = receiver.url, owner = ada) =>
  owner.client.webhooks.create.mutate({ projectId, url, events });

const makeIssue = (title = 'Broken') => ada.client.issues.create.mutate({ projectId, title });

const untilDelivery = (webhookId: string, fulfils: (delivery: Delivery) => boolean) =>
  waitForDelivery(ada.client, { projectId, webhookId }, fulfils);
const untilNotice = (webhookId: string) => waitForNotice(ada.client, `webhook:${webhookId}`);

/** What is told of a webhook once a failed attempt counts: it is recorded a moment before. */
const untilFailing = (webhookId: string) =>
  waitFor(async () => {
    const health = await ada.client.webhooks.health.query({ projectId, webhookId });
    expect(health.firstFailedAt).not.toBeNull();
    return health;
  });

/** Has what is due looked for now instead of within a second. */
const wake = () =>
  transact(server.tessera.services.orm, systemCause, (em) => Promise.resolve(wakeSenders(em)));

/** Lets all that waits for a webhook be due. */
async function bringForward(webhookId: string): Promise<void> {
  await query(
    `update webhook_deliveries set next_attempt_at = now(), leased_until = null where webhook_id = $1 and status = 'pending'`,
    [webhookId],
  );
  await wake();
}

describe('a webhook that gets through', () => {
  test('is told of the events it wants, in bytes signed with its secret, and of no other', async () => {
    const { webhook, secret } = await make(['issue.*', 'task.created']);
    const issue = await makeIssue();
    await ada.client.projects.update.mutate({ projectId, description: 'unwanted' });
    await ada.client.issues.close.mutate({ projectId, issueId: issue.id });
    const [first, second] = await receiver.until(2);
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'tessera-event': 'issue.created',
    });
    expect(first?.message).toMatchObject({
      type: 'issue.created',
      version: 1,
      projectId,
      subject: `issue:${issue.id}`,
      actorId: ada.id,
      data: { id: issue.id, title: 'Broken' },
    });
    expect(second?.message.type).toBe('issue.closed');
    for (const one of [first, second]) expect(one && isGenuine(secret, one)).toBe(true);
    expect(isGenuine(`whsec_${Buffer.from('another').toString('base64')}`, first!)).toBe(false);
    const done = await untilDelivery(webhook.id, hasEnded);
    expect(done).toMatchObject({
      status: 'delivered',
      attempts: 1,
      httpStatus: 200,
      errorMessage: null,
      body: second?.body.toString(),
      tries: [{ number: 1, httpStatus: 200, responseBody: 'answer' }],
    });
    expect(done.id).toBe(second?.headers['webhook-id']);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^tessera_webhook_attempts_total\{outcome="delivered"\} [1-9]/m);
  });

  test('gets two signatures while its secret is changed, and one when that is over', async () => {
    const { webhook, secret } = await make();
    const webhookId = webhook.id;
    const rotated = await ada.client.webhooks.rotateSecret.mutate({ projectId, webhookId });
    const health = await ada.client.webhooks.health.query({ projectId, webhookId });
    expect(health.previousSecretEndsAt?.getTime()).toBeGreaterThan(Date.now() + 23 * 3600_000);
    await makeIssue();
    const [both] = await receiver.until(1);
    expect([isGenuine(secret, both!), isGenuine(rotated.secret, both!)]).toEqual([true, true]);
    await query(`update webhooks set previous_secret_until = now() where id = $1`, [webhookId]);
    await makeIssue();
    const [, one] = await receiver.until(2);
    expect([isGenuine(secret, one!), isGenuine(rotated.secret, one!)]).toEqual([false, true]);
    const last = await ada.client.webhooks.rotateSecret.mutate({ projectId, webhookId, overlapHours: 0 });
    await makeIssue();
    const [, , after] = await receiver.until(3);
    expect([isGenuine(rotated.secret, after!), isGenuine(last.secret, after!)]).toEqual([false, true]);
  });

  test('gets twenty events once each, never more than four at a time', async () => {
    const { webhook } = await make();
    let [now, most] = [0, 0];
    receiver.reply = (response) => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => {
        now -= 1;
        response.end();
      }, 30);
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => makeIssue(`Issue ${index}`)));
    const all = await receiver.until(20);
    expect(new Set(all.map(({ headers }) => headers['webhook-id'])).size).toBe(20);
    expect(new Set(all.map(({ message }) => message.data['title'])).size).toBe(20);
    expect(most).toBe(4);
    await untilDelivery(webhook.id, hasEnded);
    expect(receiver.received).toHaveLength(20);
  });

  test('is pinged, whatever it wants to hear of', async () => {
    const { webhook, secret } = await make();
    const { deliveryId } = await ada.client.webhooks.ping.mutate({ projectId, webhookId: webhook.id });
    const [ping] = await receiver.until(1);
    expect(ping?.headers['webhook-id']).toBe(deliveryId);
    expect(ping?.message).toMatchObject({ type: 'webhook.ping', seq: null, data: { webhookId: webhook.id } });
    expect(isGenuine(secret, ping!)).toBe(true);
    receiver.reply = status(500);
    await untilDelivery(webhook.id, hasEnded);
    await ada.client.webhooks.ping.mutate({ projectId, webhookId: webhook.id });
    expect(await untilDelivery(webhook.id, tried(1))).toMatchObject({
      status: 'failed',
      failure: 'exhausted',
    });
    expect(await ada.client.webhooks.health.query({ projectId, webhookId: webhook.id })).toMatchObject({
      firstFailedAt: null,
      waiting: 0,
    });
  });

  test('hears nothing of what happened before it was there, or while it was off', async () => {
    const titles = () =>
      receiver.received
        .filter(({ message }) => message.type === 'issue.created')
        .map(({ message }) => message.data['title']);
    await makeIssue('before');
    const { webhook } = await make(['*']);
    const webhookId = webhook.id;
    await makeIssue('first');
    while (!titles().includes('first')) await receiver.until(receiver.received.length + 1);
    await ada.client.webhooks.update.mutate({ projectId, webhookId, active: false });
    await makeIssue('meanwhile');
    await ada.client.webhooks.update.mutate({ projectId, webhookId, active: true });
    await makeIssue('last');
    while (titles().at(-1) !== 'last') await receiver.until(receiver.received.length + 1);
    expect(titles()).toEqual(['first', 'last']);
  });
});

describe('a webhook that does not get through', () => {
  test('is tried again with the same bytes under the same id, signed anew', async () => {
    const { webhook, secret } = await make();
    receiver.reply = status(500);
    await makeIssue();
    const waiting = await untilDelivery(webhook.id, tried(1));
    expect(waiting).toMatchObject({ status: 'pending', httpStatus: 500, errorMessage: 'it answered 500' });
    const wait = waiting.nextAttemptAt!.getTime() - waiting.updatedAt.getTime();
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThanOrEqual(6_300);
    receiver.reply = status(204);
    await bringForward(webhook.id);
    const [first, second] = await receiver.until(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body.equals(first!.body)).toBe(true);
    expect(isGenuine(secret, second!)).toBe(true);
    const done = await untilDelivery(webhook.id, hasEnded);
    expect(done.tries.map(({ number, httpStatus }) => [number, httpStatus])).toEqual([
      [2, 204],
      [1, 500],
    ]);
  });

  test('waits for as long as the receiver asks, and is left alone meanwhile', async () => {
    const { webhook } = await make();
    const webhookId = webhook.id;
    receiver.reply = status(429, { 'retry-after': '3600' });
    await makeIssue();
    const waiting = await untilDelivery(webhookId, tried(1));
    const wait = waiting.nextAttemptAt!.getTime() - waiting.updatedAt.getTime();
    expect(Math.round(wait / 1000)).toBe(3600);
    const { heldUntilAt } = await untilFailing(webhookId);
    expect(heldUntilAt!.getTime()).toBeGreaterThan(Date.now() + 3500_000);
    receiver.reply = status(200);
    // Another event is not sent either, until the time is up.
    await makeIssue();
    await untilDelivery(webhookId, ({ id }) => id !== waiting.id);
    await bringForward(webhookId);
    // Another that is due at the same time gets its own.
    await using other = await startReceiver();
    const beside = await make(['task.created'], other.url);
    await ada.client.webhooks.ping.mutate({ projectId, webhookId: beside.webhook.id });
    await other.until(1);
    expect(receiver.received).toHaveLength(1);
    await query('update webhooks set held_until = now() where id = $1', [webhookId]);
    await wake();
    await receiver.until(3);
    await untilDelivery(webhookId, hasEnded);
    expect(await ada.client.webhooks.health.query({ projectId, webhookId })).toMatchObject({
      heldUntilAt: null,
    });
  });

  test('that has failed for five days is switched off, and its people are told', async () => {
    const { webhook } = await make();
    const webhookId = webhook.id;
    receiver.reply = status(500);
    await makeIssue();
    await untilDelivery(webhookId, tried(1));
    await untilFailing(webhookId);
    expect((await ada.client.webhooks.get.query({ projectId, webhookId })).active).toBe(true);
    await query(`update webhooks set failing_since = now() - interval '5 days' where id = $1`, [webhookId]);
    await bringForward(webhookId);
    expect(await untilDelivery(webhookId, hasEnded)).toMatchObject({ status: 'failed', failure: 'disabled' });
    expect(await ada.client.webhooks.get.query({ projectId, webhookId })).toMatchObject({
      active: false,
      disabledReason: 'failing',
    });
    const told = await untilNotice(webhookId);
    expect(told).toMatchObject({ type: 'webhook.disabled', title: 'A webhook of Hooked was switched off' });
    expect((await failureOf(ada.client.webhooks.ping.mutate({ projectId, webhookId }))).code).toBe(
      'WEBHOOK_INACTIVE',
    );
    receiver.reply = status(200);
    const again = await ada.client.webhooks.update.mutate({ projectId, webhookId, active: true });
    expect(again.disabledReason).toBeNull();
    const since = new Date(Date.now() - 3600_000);
    expect(await ada.client.webhooks.replay.mutate({ projectId, webhookId, sinceAt: since })).toEqual({
      replayed: 1,
      isMore: false,
    });
    expect(await untilDelivery(webhookId, hasEnded)).toMatchObject({ status: 'delivered', attempts: 3 });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('whose receiver is gone is switched off at once', async () => {
    const { webhook } = await make();
    receiver.reply = status(410);
    await makeIssue();
    expect(await untilDelivery(webhook.id, hasEnded)).toMatchObject({ failure: 'gone', httpStatus: 410 });
    expect(await untilNotice(webhook.id)).toMatchObject({
      message: expect.stringContaining('410') as string,
    });
    expect((await ada.client.webhooks.get.query({ projectId, webhookId: webhook.id })).disabledReason).toBe(
      'gone',
    );
  });

  test('is given up after sixteen attempts, and sent again when somebody asks', async () => {
    const { webhook } = await make();
    const webhookId = webhook.id;
    receiver.reply = status(503);
    await makeIssue();
    const { id: deliveryId } = await untilDelivery(webhookId, tried(1));
    await query('update webhook_deliveries set attempts = 15 where id = $1', [deliveryId]);
    await bringForward(webhookId);
    expect(await untilDelivery(webhookId, hasEnded)).toMatchObject({ failure: 'exhausted', attempts: 16 });
    receiver.reply = status(500);
    const replay = () => ada.client.webhooks.replay.mutate({ projectId, webhookId, deliveryId });
    await replay();
    expect(await untilDelivery(webhookId, tried(3))).toMatchObject({ status: 'pending', attempts: 17 });
    receiver.reply = status(200);
    await replay();
    await untilDelivery(webhookId, hasEnded);
    await replay();
    await receiver.until(5);
    await untilDelivery(webhookId, hasEnded);
    const [audited] = await query<{ total: number }>(
      `select count(*)::int as total from audit_logs where action = 'replay' and entity_id = $1`,
      [deliveryId],
    );
    expect(audited?.total).toBe(3);
  });
});

describe('what is sent', () => {
  test('is asked of the rights of who is responsible, at that moment', async () => {
    const bob = await server.person('Bob');
    await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'manager' });
    const { webhook } = await make(['issue.created'], receiver.url, bob);
    const webhookId = webhook.id;
    expect(webhook.responsibleId).toBe(bob.id);
    await makeIssue('seen');
    await receiver.until(1);
    await ada.client.members.remove.mutate({ projectId, actorId: bob.id });
    await makeIssue('unseen');
    const kept = await untilDelivery(webhookId, ({ failure }) => failure !== null);
    expect(kept).toMatchObject({ status: 'failed', failure: 'forbidden', attempts: 0, tries: [] });
    expect(kept.errorMessage).toMatch('may not read');
    // Somebody else takes it over by saying where it goes.
    const url = `${receiver.url}?taken=over`;
    const taken = await ada.client.webhooks.update.mutate({ projectId, webhookId, url });
    expect(taken).toMatchObject({ createdBy: bob.id, responsibleId: ada.id });
    await ada.client.webhooks.replay.mutate({ projectId, webhookId, deliveryId: kept.id });
    const [, second] = await receiver.until(2);
    expect([second?.path, second?.message.data['title']]).toEqual(['/hook?taken=over', 'unseen']);
  });

  test('is shown only to who may read the event', async () => {
    const { webhook } = await make();
    await makeIssue();
    const { id: deliveryId } = await untilDelivery(webhook.id, hasEnded);
    const mia = await server.person('Mia');
    await ada.client.members.add.mutate({ projectId, actorId: mia.id, role: 'manager' });
    const read = () => mia.client.webhooks.delivery.query({ projectId, webhookId: webhook.id, deliveryId });
    expect((await read()).body).toContain('"issue.created"');
    const blind = randomUUID().slice(0, 8);
    await query(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', $1, 'issues', 'list', 'deny')`,
      [`role:blind-${blind}`],
    );
    await query(`insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, $2, '*')`, [
      `user:${mia.id}`,
      `role:blind-${blind}`,
    ]);
    expect(await read()).toMatchObject({ body: null, eventType: 'issue.created' });
  });
});
