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
    url: 'https://hooks.example.org/tessera?kind=1',
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
    const { rows } = await reads.query<{ sealed: string }>(
      'select sealed_secret as sealed from webhooks where id = $1',
      [made.webhook.id],
    );
    expect(secrets.open(rows[0]!.sealed, `webhook:${made.webhook.id}`)).toBe(rotated.secret);
    for (const table of ['webhooks', 'audit_logs', 'events', 'mutations']) {
      const { rows: all } = await reads.query<{ row: string }>(`select t::text as row from ${table} t`);
      for (const { secret } of [made, rotated])
        expect(all.map(({ row }) => row).join('\n')).not.toContain(secret);
      if (table === 'audit_logs') expect(all.map(({ row }) => row).join('\n')).not.toContain(rows[0]!.sealed);
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
    'nonsense',
  ])('does not go to %s', async (url) => {
    expect(Object.keys((await failureOf(make({ url }))).fields)).toEqual(['url']);
  });

  test.each([[[]], [['issue.exploded']], [['*', 'issue.created']], [['notification.added']]])(
    'is not told of %j',
    async (events) => {
      expect(Object.keys((await failureOf(make({ events }))).fields)).toEqual(['events']);
    },
  );

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
