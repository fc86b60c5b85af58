import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
  world.dan.client.services.create.mutate({
    projectId,
    name: 'API',
    url: 'https://api.example.org',
    ...more,
  });

describe('a service', () => {
  test('is made, read, listed newest first and by status, changed and deleted', async () => {
    const first = await make({ healthCheck: '/healthz' });
    expect(first).toMatchObject({
      name: 'API',
      url: 'https://api.example.org',
      healthCheck: '/healthz',
      status: 'UNKNOWN',
      lastCheckAt: null,
      version: 1,
    });
    const second = await make({ name: 'Worker', status: 'MAINTENANCE' });
    const { services } = world.vic.client;
    expect(await services.get.query({ projectId, serviceId: first.id })).toEqual(first);
    expect((await services.list.query({ projectId })).items).toEqual([second, first]);
    expect((await services.list.query({ projectId, status: 'MAINTENANCE' })).items).toEqual([second]);
    const { update } = world.dan.client.services;
    const changed = await update.mutate({ projectId, serviceId: first.id, status: 'UP', version: 1 });
    expect(changed).toMatchObject({ status: 'UP', version: 2 });
    expect(
      await failureOf(update.mutate({ projectId, serviceId: first.id, name: 'Lost', version: 1 })),
    ).toMatchObject({ code: 'VERSION_CLASH', details: { sent: 1, stored: 2, current: changed } });
    await world.ada.client.services.delete.mutate({ projectId, serviceId: first.id });
    expect((await failureOf(services.get.query({ projectId, serviceId: first.id }))).code).toBe('NOT_FOUND');
    expect(await eventsOf(world.server, projectId, `service:${first.id}`)).toEqual([
      'service.created',
      'service.updated',
      'service.deleted',
    ]);
  });

  test('names every field of bad input', async () => {
    const failure = await failureOf(
      make({
        name: '',
        url: 'ftp://user:pw@example.org',
        healthCheck: '//evil.example',
        status: 'FINE' as never,
      }),
    );
    expect(Object.keys(failure.fields).toSorted()).toEqual(['healthCheck', 'name', 'status', 'url']);
  });

  test('belongs to its project and is changed by developers', async () => {
    const { id: serviceId } = await make();
    const other = await world.makeProject();
    const { ada, bob, vic, eve } = world;
    expect(
      await codesOf([
        bob.client.services.create.mutate({ projectId, name: 'x', url: 'https://example.org' }),
        vic.client.services.configs.query({ projectId, serviceId }),
        world.dan.client.services.delete.mutate({ projectId, serviceId }),
        eve.client.services.list.query({ projectId }),
        ada.client.services.get.query({ projectId: other, serviceId }),
        ada.client.services.setConfig.mutate({ projectId: other, serviceId, key: 'K', value: 1 }),
        ada.client.services.configs.query({ projectId: other, serviceId }),
      ]),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });
});

describe('the configuration of a service', () => {
  test('is one value of JSON a key, replaced and removed', async () => {
    const { id: serviceId } = await make();
    const { setConfig, removeConfig, configs } = world.dan.client.services;
    await setConfig.mutate({ projectId, serviceId, key: 'limits', value: { cpu: 2, tags: ['a', null] } });
    await setConfig.mutate({ projectId, serviceId, key: 'limits', value: false });
    await setConfig.mutate({ projectId, serviceId, key: 'REGION', value: 'eu' });
    const { items } = await configs.query({ projectId, serviceId });
    expect(items).toMatchObject([
      { key: 'REGION', value: 'eu', isSecret: false, isSet: true },
      { key: 'limits', value: false, isSecret: false, isSet: true },
    ]);
    await removeConfig.mutate({ projectId, serviceId, key: 'limits' });
    expect((await configs.query({ projectId, serviceId })).items).toHaveLength(1);
    expect((await failureOf(removeConfig.mutate({ projectId, serviceId, key: 'limits' }))).code).toBe(
      'NOT_FOUND',
    );
    for (const bad of [
      { key: '1x', value: 1 },
      { key: 'K', value: null as never },
      { key: 'K', value: 'x'.repeat(17_000) },
    ])
      expect((await failureOf(setConfig.mutate({ projectId, serviceId, ...bad }))).code).toBe('BAD_INPUT');
  });

  test('is set once by two at once', async () => {
    const { id: serviceId } = await make();
    await Promise.all(
      [1, 2, 3, 4].map((value) =>
        world.server
          .connect(world.dan.token)
          .services.setConfig.mutate({ projectId, serviceId, key: 'K', value }),
      ),
    );
    expect((await world.dan.client.services.configs.query({ projectId, serviceId })).items).toHaveLength(1);
  });

  test('keeps a secret value encrypted: no answer, event, audit row or table holds it', async () => {
    const { id: serviceId } = await make();
    const { setConfig, configs } = world.dan.client.services;
    const secret = `hunter2 ${randomUUID()}`;
    const input = {
      projectId,
      serviceId,
      key: 'PASSWORD',
      value: secret,
      isSecret: true,
      mutationId: randomUUID(),
    };
    const answers = [await setConfig.mutate(input), await setConfig.mutate(input)];
    expect(answers[0]).toMatchObject({ key: 'PASSWORD', isSecret: true, isSet: true, value: null });
    const listed = await configs.query({ projectId, serviceId });
    expect(JSON.stringify([answers, listed])).not.toContain(secret);
    const { reads, secrets } = world.server.tessera.services;
    const { rows: tables } = await reads.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of tables) {
      const { rows } = await reads.query<{ row: string }>(`select t::text as row from ${name} t`);
      expect(rows.map(({ row }) => row).join('\n')).not.toContain(secret);
    }
    const { rows } = await reads.query<{ id: string; sealed: string }>(
      'select id, sealed_value as sealed from service_configs where service_id = $1',
      [serviceId],
    );
    expect(JSON.parse(secrets.open(rows[0]!.sealed, `service config:${rows[0]!.id}`))).toBe(secret);
    const { rows: audited } = await reads.query<{ changes: object }>(
      `select changes from audit_logs where entity_type = 'service_configs' and changes ? 'sealedValue'`,
    );
    expect(JSON.stringify(audited)).not.toContain('v1.');
    expect(
      (await reads.query('select from mutations where mutation_id = $1', [input.mutationId])).rowCount,
    ).toBe(0);
    expect(await setConfig.mutate({ projectId, serviceId, key: 'PASSWORD', value: 'open' })).toMatchObject({
      isSecret: false,
      value: 'open',
    });
  });

  test('is encrypted with a key of the server’s own, which nobody else can read', async () => {
    const path = join(world.server.dataDir, 'secret.key');
    expect(Buffer.from(await readFile(path, 'utf8'), 'base64')).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});
