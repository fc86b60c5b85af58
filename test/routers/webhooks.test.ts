import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type WorkWorld, codesOf, eventsOf, makeWorkWorld } from '../support/workWorld.ts';

let world: WorkWorld;
let projectId: string;

beforeAll(async () => {
  world = await makeWorkWorld();
  projectId = await world.makeProject();
});
afterAll(() => world.server.close());

const make = (more: object = {}) =>
  world.ada.client.webhooks.create.mutate({
    projectId,
    url: 'https://hooks.example.invalid/tessera?kind=1',
    events: ['issue.created', 'issue.closed'],
    ...more,
  });

describe('a webhook', () => {
  test('is made with a secret that is shown once, and then read, listed, changed and deleted', async () => {
    const { webhook, secret } = await make({ events: ['issue.closed', 'issue.created', 'issue.closed'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhook).toMatchObject({
      events: ['issue.closed', 'issue.created'],
      active: true,
      description: '',
      createdBy: world.ada.id,
      version: 1,
    });
    const { webhooks } = world.ada.client;
    const webhookId = webhook.id;
    expect(await webhooks.get.query({ projectId, webhookId })).toEqual(webhook);
    const other = await make({ events: ['*'], active: false });
    expect((await webhooks.list.query({ projectId })).items).toEqual([other.webhook, webhook]);
    expect((await webhooks.list.query({ projectId, active: false })).items).toEqual([other.webhook]);
    const changed = await webhooks.update.mutate({ projectId, webhookId, active: false, version: 1 });
    expect(changed).toMatchObject({ active: false, version: 2 });
    expect(
      (await failureOf(webhooks.update.mutate({ projectId, webhookId, active: true, version: 1 }))).code,
    ).toBe('VERSION_CLASH');
    await webhooks.delete.mutate({ projectId, webhookId });
    expect((await failureOf(webhooks.get.query({ projectId, webhookId }))).code).toBe('NOT_FOUND');
    expect(await eventsOf(world.server, projectId, `webhook:${webhookId}`)).toEqual([
      'webhook.created',
      'webhook.updated',
      'webhook.deleted',
    ]);
  });

  test('gets another secret, and neither lies anywhere in the open', async () => {
    const mutationId = randomUUID();
    const made = await make({ mutationId });
    expect((await failureOf(make({ mutationId }))).code).toBe('MUTATION_RESULT_SECRET');
    const rotated = await world.ada.client.webhooks.rotateSecret.mutate({
      projectId,
      webhookId: made.webhook.id,
    });
    expect(rotated.secret).not.toBe(made.secret);
    const { reads, secrets } = world.server.tessera.services;
    const { rows } = await reads.query<{ sealed: string; previous: string }>(
      'select sealed_secret as sealed, previous_sealed_secret as previous from webhooks where id = $1',
      [made.webhook.id],
    );
    expect(secrets.open(rows[0]!.sealed, `webhook:${made.webhook.id}`)).toBe(rotated.secret);
    expect(secrets.open(rows[0]!.previous, `webhook:${made.webhook.id}`)).toBe(made.secret);
    for (const table of ['webhooks', 'audit_logs', 'events', 'mutations']) {
      const { rows: all } = await reads.query<{ row: string }>(`select t::text as row from ${table} t`);
      for (const { secret } of [made, rotated])
        expect(all.map(({ row }) => row).join('\n')).not.toContain(secret);
      if (table !== 'audit_logs') continue;
      for (const sealed of [rows[0]!.sealed, rows[0]!.previous])
        expect(all.map(({ row }) => row).join('\n')).not.toContain(sealed);
    }
  });

  test.each([
    'http://hooks.example.org',
    'https://user:pw@hooks.example.org',
    'https://hooks.example.org/#x',
    'https://localhost/x',
    'https://metadata.google.internal',
    'https://printer.local',
    'https://intranet',
    'https://127.0.0.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://[::1]',
    'https://[::ffff:127.0.0.1]',
    'https://169.254.169.254/latest',
    'https://10.1.2.3',
    'https://localhost.',
    'ftp://hooks.example.org',
    'https://[64:ff9b::7f00:1]',
    'nonsense',
  ])('does not go to %s', async (url) => {
    expect(Object.keys((await failureOf(make({ url }))).fields)).toEqual(['url']);
  });

  test.each([
    [[]],
    [['issue.exploded']],
    [['*', 'issue.created']],
    [['notification.added']],
    [['notification.*']],
    [['issues.*']],
  ])('is not told of %j', async (events) => {
    expect(Object.keys((await failureOf(make({ events }))).fields)).toEqual(['events']);
  });

  test('has the types of events that it can be told of listed, with what they carry', async () => {
    const { webhooks } = world.eve.client;
    const all = await webhooks.events.query({});
    expect(all.map(({ type }) => type)).toContain('thread.resolved');
    expect(all.filter(({ type }) => type.startsWith('notification.'))).toEqual([]);
    expect(all.every(({ version, schema }) => version === 1 && schema === null)).toBe(true);
    const [closed, ...others] = await webhooks.events.query({ pattern: 'issue.closed', withSchemas: true });
    expect(others).toEqual([]);
    expect(closed).toMatchObject({
      type: 'issue.closed',
      permission: 'issues.list',
      schema: { type: 'object', properties: { createdAt: { type: 'string', format: 'date-time' } } },
    });
    expect((await webhooks.events.query({ pattern: 'issue.*' })).map(({ type }) => type)).toContain(
      'issue.closed',
    );
    expect(JSON.stringify(await webhooks.events.query({ withSchemas: true }))).toContain('"date-time"');
  });

  test('is refused where there are fifty already, and replays only what is told', async () => {
    const full = await world.makeProject();
    const add = () =>
      world.ada.client.webhooks.create.mutate({
        projectId: full,
        url: 'https://hooks.example.invalid',
        events: ['task.created'],
        active: false,
      });
    const [first] = await Promise.all(Array.from({ length: 47 }, add));
    const last = await Promise.allSettled(Array.from({ length: 8 }, add));
    expect(last.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect((await failureOf(add())).code).toBe('WEBHOOKS_FULL');
    const { webhooks } = world.ada.client;
    const of = { projectId: full, webhookId: first!.webhook.id };
    expect((await failureOf(webhooks.replay.mutate({ ...of, sinceAt: new Date() }))).code).toBe(
      'WEBHOOK_INACTIVE',
    );
    expect(Object.keys((await failureOf(webhooks.replay.mutate(of))).fields)).toEqual(['deliveryId']);
    await webhooks.update.mutate({ ...of, active: true });
    expect(await codesOf([webhooks.replay.mutate({ ...of, deliveryId: randomUUID() })])).toEqual([
      'NOT_FOUND',
    ]);
    expect(await webhooks.deliveries.query(of)).toEqual({ items: [], nextCursor: null });
    expect(
      await codesOf([
        webhooks.deliveries.query({ ...of, webhookId: randomUUID() }),
        webhooks.health.query({ ...of, webhookId: randomUUID() }),
        webhooks.delivery.query({ ...of, deliveryId: randomUUID() }),
        webhooks.ping.mutate({ projectId, webhookId: of.webhookId }),
        world.dan.client.webhooks.ping.mutate(of),
      ]),
    ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN']);
  });

  test('is no way for an API key to hear of more than it may read', async () => {
    const { apiKeys } = world.ada.client;
    const { key } = await apiKeys.create.mutate({ name: 'Narrow', scopes: ['webhooks.*', 'tasks.*'] });
    const { webhooks } = world.server.connect(key);
    const url = 'https://hooks.example.invalid/narrow';
    const { webhook } = await webhooks.create.mutate({ projectId, url, events: ['task.created'] });
    const { webhook: wide } = await make({ events: ['*'] });
    const of = { projectId, webhookId: wide.id };
    expect(
      await codesOf([
        webhooks.create.mutate({ projectId, url, events: ['*'] }),
        webhooks.update.mutate({ projectId, webhookId: webhook.id, events: ['issue.*'] }),
        webhooks.update.mutate({ ...of, url }),
      ]),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    expect((await webhooks.update.mutate({ ...of, description: 'Wide' })).url).toBe(wide.url);
  });

  test('is for managers alone, its events included, and belongs to its project', async () => {
    const { webhook } = await make();
    const other = await world.makeProject();
    const webhookId = webhook.id;
    expect(
      await codesOf([
        world.dan.client.webhooks.list.query({ projectId }),
        world.dan.client.webhooks.rotateSecret.mutate({ projectId, webhookId }),
        world.eve.client.webhooks.get.query({ projectId, webhookId }),
        world.ada.client.webhooks.get.query({ projectId: other, webhookId }),
        world.ada.client.webhooks.rotateSecret.mutate({ projectId: other, webhookId }),
        world.ada.client.webhooks.delete.mutate({ projectId: other, webhookId }),
      ]),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });
});
