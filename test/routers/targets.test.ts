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

describe('a target', () => {
  test('is made for a language, in its canonical form, with a branch of its own', async () => {
    const first = await world.dan.client.targets.create.mutate({ projectId, languageCode: 'pt-br' });
    expect(first).toMatchObject({
      projectId,
      languageCode: 'pt-BR',
      branchName: 'lang-pt-br',
      publishDomain: null,
      status: 'ACTIVE',
      version: 1,
    });
    const second = await world.dan.client.targets.create.mutate({
      projectId,
      languageCode: 'iw',
      publishDomain: 'Docs-HE.Example.com',
      branchName: 'i18n/he',
    });
    expect(second).toMatchObject({
      languageCode: 'he',
      publishDomain: 'docs-he.example.com',
      branchName: 'i18n/he',
    });
    const { items } = await world.vic.client.targets.list.query({ projectId });
    expect(items).toEqual([second, first]);
    const page = await world.vic.client.targets.list.query({ projectId, limit: 1 });
    const next = await world.vic.client.targets.list.query({ projectId, limit: 1, cursor: page.nextCursor });
    expect([page.items, next.items, next.nextCursor]).toEqual([[second], [first], null]);
  });

  test.each(['xx-invalid-tag-', 'a', 'english!', 'und', 'de_DE', '', 'x'.repeat(36)])(
    'is refused for %j, which is no language tag',
    async (languageCode) => {
      const failure = await failureOf(world.dan.client.targets.create.mutate({ projectId, languageCode }));
      expect(failure.code).toBe('BAD_INPUT');
      expect(Object.keys(failure.fields)).toEqual(['languageCode']);
    },
  );

  test.each([
    'localhost',
    '10.0.0.1',
    'https://docs.example.com',
    '-a.example.com',
    'a..b',
    'a b.example.com',
  ])('is not published at %j, which is no host name', async (publishDomain) => {
    const failure = await failureOf(
      world.dan.client.targets.create.mutate({ projectId, languageCode: 'sv', publishDomain }),
    );
    expect(failure.fields).toEqual({ publishDomain: 'must be a host name such as docs-es.example.com' });
  });

  test.each(['--force', 'a..b', 'a b', 'HEAD', 'refs/x.lock', 'a~1', '@{u}'])(
    'does not go to the branch %j, which git does not allow',
    async (branchName) => {
      const failure = await failureOf(
        world.dan.client.targets.create.mutate({ projectId, languageCode: 'sv', branchName }),
      );
      expect(Object.keys(failure.fields)).toEqual(['branchName']);
    },
  );

  test('is one for each language, however the tag is written, and when two make it at once', async () => {
    const other = await world.makeProject();
    const made = await Promise.allSettled(
      ['es', 'ES', 'spa'].map((languageCode) =>
        world.server.connect(world.dan.token).targets.create.mutate({ projectId: other, languageCode }),
      ),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const failure = await failureOf(
      world.dan.client.targets.create.mutate({ projectId: other, languageCode: 'es' }),
    );
    expect(failure.code).toBe('LANGUAGE_TAKEN');
    for (const lost of made)
      if (lost.status === 'rejected') expect(lost.reason).toMatchObject({ data: { code: 'LANGUAGE_TAKEN' } });
  });

  test('changes where it goes, is paused, resumed and deleted, each told once', async () => {
    const { targets } = world.dan.client;
    const { id: targetId, version } = await targets.create.mutate({ projectId, languageCode: 'it' });
    const changed = await targets.update.mutate({
      projectId,
      targetId,
      publishDomain: 'it.example.org',
      version,
    });
    expect(changed).toMatchObject({ publishDomain: 'it.example.org', version: version + 1 });
    expect(
      await failureOf(targets.update.mutate({ projectId, targetId, branchName: 'x', version })),
    ).toMatchObject({
      code: 'VERSION_CLASH',
      details: { sent: version, stored: version + 1, current: changed },
    });
    expect(await targets.update.mutate({ projectId, targetId, publishDomain: null })).toMatchObject({
      publishDomain: null,
    });
    await targets.pause.mutate({ projectId, targetId });
    expect((await targets.pause.mutate({ projectId, targetId })).status).toBe('PAUSED');
    const { items } = await targets.list.query({ projectId, status: 'PAUSED' });
    expect(items.map(({ id }) => id)).toEqual([targetId]);
    expect((await targets.resume.mutate({ projectId, targetId })).status).toBe('ACTIVE');
    await world.ada.client.targets.delete.mutate({ projectId, targetId });
    expect((await failureOf(targets.pause.mutate({ projectId, targetId }))).code).toBe('NOT_FOUND');
    expect(await eventsOf(world.server, projectId, `target:${targetId}`)).toEqual([
      'target.created',
      'target.updated',
      'target.updated',
      'target.paused',
      'target.resumed',
      'target.deleted',
    ]);
    const { items: audited } = await world.ada.client.audit.list.query({
      projectId,
      entityType: 'project_targets',
      entityId: targetId,
    });
    expect(audited.map(({ action }) => action)).toEqual(['delete', ...Array(4).fill('update'), 'create']);
  });

  test('keeps a client-made id, and a retry with its mutationId acts once', async () => {
    const input = { projectId, languageCode: 'nl', id: randomUUID(), mutationId: randomUUID() };
    const made = await world.dan.client.targets.create.mutate(input);
    expect(made.id).toBe(input.id);
    expect(await world.dan.client.targets.create.mutate(input)).toEqual(made);
  });

  test('is made by developers, deleted by managers, and belongs to its project', async () => {
    const { id: targetId } = await world.dan.client.targets.create.mutate({ projectId, languageCode: 'fi' });
    const other = await world.makeProject();
    expect(
      await codesOf([
        world.bob.client.targets.create.mutate({ projectId, languageCode: 'da' }),
        world.bob.client.targets.pause.mutate({ projectId, targetId }),
        world.dan.client.targets.delete.mutate({ projectId, targetId }),
        world.eve.client.targets.list.query({ projectId }),
        world.ada.client.targets.update.mutate({ projectId: other, targetId, branchName: 'x' }),
        world.ada.client.targets.pause.mutate({ projectId: other, targetId }),
        world.ada.client.targets.delete.mutate({ projectId: other, targetId }),
      ]),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });
});
