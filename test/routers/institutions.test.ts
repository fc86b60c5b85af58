import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { codesOf } from '../support/workWorld.ts';

let server: TestServer;
let ada: Person;
let admin: Person;

beforeAll(async () => {
  server = await startServer();
  [ada, admin] = [await server.person('Ada'), await server.admin()];
});
afterAll(() => server.close());

const make = (more: object = {}) =>
  ada.client.institutions.create.mutate({ name: 'Museum', identifier: `museum-${randomUUID()}`, ...more });

describe('an institution', () => {
  test('is made with its ROR id, read, and listed newest first', async () => {
    const first = await make({ rorId: '05dxps055', homepage: 'https://example.org' });
    expect(first).toMatchObject({
      name: 'Museum',
      rorId: 'https://ror.org/05dxps055',
      homepage: 'https://example.org',
      metadata: {},
      version: 1,
    });
    const second = await make();
    expect(await ada.client.institutions.get.query({ institutionId: first.id })).toEqual(first);
    expect((await ada.client.institutions.list.query()).items.slice(0, 2)).toEqual([second, first]);
    const page = await ada.client.institutions.list.query({ limit: 1 });
    const next = await ada.client.institutions.list.query({ limit: 1, cursor: page.nextCursor });
    expect([page.items, next.items]).toEqual([[second], [first]]);
  });

  test('names every field of bad input', async () => {
    const failure = await failureOf(
      make({ name: '', identifier: 'a b', rorId: '05dxps056', homepage: 'javascript:alert(1)' }),
    );
    expect(Object.keys(failure.fields).toSorted()).toEqual(['homepage', 'identifier', 'name', 'rorId']);
  });

  test('has an identifier of its own, also when two take it at once; a deleted one gives it away', async () => {
    const identifier = `taken-${randomUUID()}`;
    const both = await Promise.allSettled([make({ identifier }), make({ identifier })]);
    const [made] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [lost] = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as object] : []));
    expect(lost).toMatchObject({ data: { code: 'IDENTIFIER_TAKEN' } });
    const institutionId = made!.id;
    await admin.client.institutions.delete.mutate({ institutionId });
    expect((await failureOf(ada.client.institutions.get.query({ institutionId }))).code).toBe('NOT_FOUND');
    const other = await make({ identifier });
    expect((await failureOf(admin.client.institutions.restore.mutate({ institutionId }))).code).toBe(
      'IDENTIFIER_TAKEN',
    );
    await admin.client.institutions.update.mutate({ institutionId: other.id, identifier: `${identifier}-2` });
    expect(await admin.client.institutions.restore.mutate({ institutionId })).toMatchObject({ identifier });
  });

  test('is changed by administrators alone, and not over what they have not seen', async () => {
    const { id: institutionId } = await make();
    const { update } = admin.client.institutions;
    const changed = await update.mutate({ institutionId, name: 'Gallery', version: 1 });
    expect(changed).toMatchObject({ name: 'Gallery', version: 2 });
    expect(await failureOf(update.mutate({ institutionId, name: 'Lost', version: 1 }))).toMatchObject({
      code: 'VERSION_CLASH',
      details: { sent: 1, stored: 2, current: changed },
    });
    expect(
      await codesOf([
        ada.client.institutions.update.mutate({ institutionId, name: 'Mine' }),
        ada.client.institutions.delete.mutate({ institutionId }),
        ada.client.institutions.restore.mutate({ institutionId }),
        server.connect().institutions.list.query(),
      ]),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'UNAUTHORIZED']);
  });

  test('is what people say they belong to, if there is such a one', async () => {
    const { id: institutionId } = await make();
    expect(await ada.client.actors.update.mutate({ institutionId })).toMatchObject({ institutionId });
    expect(await admin.client.actors.get.query({ actorId: ada.id })).toMatchObject({ institutionId });
    const { update } = ada.client.actors;
    expect((await failureOf(update.mutate({ institutionId: randomUUID() }))).code).toBe('NOT_FOUND');
    expect(await update.mutate({ institutionId: null })).toMatchObject({ institutionId: null });
    expect(await ada.client.auth.me.query()).toMatchObject({ institutionId: null });
  });
});
