import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { add, applyNow, expectNothingChanged, inheritance, permission, remove } from '../support/policy.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;

beforeAll(async () => {
  server = await startServer({ services: new Set(['api']) });
  admin = await server.admin();
});
afterAll(() => server.close());

const apply = (...changes: ReturnType<typeof add>) => applyNow(server, admin, changes);

let editor: Person;
const limited = permission('steward', 'comments.add', 'deny');
beforeAll(async () => {
  editor = await server.person('Editor');
  await admin.client.roles.create.mutate({ name: 'steward', scope: 'system' });
  await apply(
    ...add(
      ...['policies.*', 'roles.*', 'comments.*', 'threads.list'].map((name) => permission('steward', name)),
      limited,
    ),
  );
  await admin.client.roles.assign.mutate({ actorId: editor.id, role: 'steward' });
});

const edit = (...changes: ReturnType<typeof add>) => applyNow(server, editor, changes);
async function refusalOf(...changes: ReturnType<typeof add>): Promise<string> {
  let code = '';
  await expectNothingChanged(server, async () => {
    code = (await failureOf(edit(...changes))).code;
  });
  return code;
}

test('nobody gives a permission that they do not hold', async () => {
  expect(await refusalOf(...add(permission('viewer', 'projects.delete')))).toBe('GRANT_EXCEEDS_OWN');
  const rule = permission('viewer', 'comments.edit');
  expect((await edit(...add(rule))).added).toEqual([rule]);
  await edit(...remove(rule));
});

test('nobody gives a wildcard that covers more than they hold, or of which a part is denied to them', async () => {
  expect(await refusalOf(...add(permission('viewer', '*.*')))).toBe('GRANT_EXCEEDS_OWN');
  expect(await refusalOf(...add(permission('viewer', 'threads.*')))).toBe('GRANT_EXCEEDS_OWN');
  expect(await refusalOf(...add(permission('viewer', 'comments.*')))).toBe('GRANT_EXCEEDS_OWN');
  expect(await refusalOf(...add(permission('viewer', 'comments.add')))).toBe('GRANT_EXCEEDS_OWN');
});

test('nobody gives a role to be inherited that exceeds their own', async () => {
  expect(await refusalOf(...add(inheritance('user', 'viewer')))).toBe('GRANT_EXCEEDS_OWN');
  const failure = await failureOf(
    editor.client.roles.create.mutate({ name: 'second', scope: 'system', inherits: ['admin'] }),
  );
  expect(failure.code).toBe('GRANT_EXCEEDS_OWN');
  expect((await failureOf(editor.client.roles.get.query({ name: 'second' }))).code).toBe('NOT_FOUND');
});

test('nobody takes away a denial that holds for them', async () => {
  expect(await refusalOf(...remove(limited))).toBe('GRANT_EXCEEDS_OWN');
});

test('nobody gets by a rollback what they do not hold', async () => {
  const rule = permission('viewer', 'projects.delete');
  const { epoch } = await apply(...add(rule));
  await apply(...remove(rule));
  const call = editor.client.policies.rollback.mutate({ epoch, reason: 'back' });
  expect((await failureOf(call)).code).toBe('GRANT_EXCEEDS_OWN');
});

test('nobody takes a permission from others that they do not hold', async () => {
  expect(await refusalOf(...remove(permission('guest', 'projects.watch')))).toBe('GRANT_EXCEEDS_OWN');
  const rule = permission('viewer', 'comments.react');
  expect((await edit(...remove(rule))).removed).toEqual([rule]);
  await edit(...add(rule));
});

test('nobody gives a role whose wildcard covers what is denied to them', async () => {
  await admin.client.roles.create.mutate({ name: 'speaker', scope: 'system' });
  await apply(...add(permission('speaker', 'comments.*')));
  const friend = await server.person('Friend');
  const give = () => editor.client.roles.assign.mutate({ actorId: friend.id, role: 'speaker' });
  expect((await failureOf(give())).code).toBe('GRANT_EXCEEDS_OWN');
  await apply(...remove(limited));
  expect((await give()).systemRoles).toEqual(['user', 'speaker']);
  await apply(...add(limited));
});
