/** What one may do, live: over both doors, whatever changes it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RightsView } from '../../src/views/access.ts';
import { collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { stockSseClient } from '../support/sseClient.ts';

let server: TestServer;
let admin: Person;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
});
afterAll(() => server.close());

const watch = (client: Pick<Person['client'], 'auth'>, projectId?: string) =>
  collectFrames<RightsView>((on) => client.auth.watch.subscribe(projectId ? { projectId } : {}, on));
const may = (permission: string) => (rights: RightsView) => rights.permissions.includes(permission);
const mayNot = (permission: string) => (rights: RightsView) => !rights.permissions.includes(permission);

async function editPolicy(op: 'add' | 'remove', role: string, permission: string) {
  const [object = '', action = ''] = permission.split('.');
  const { epoch } = await admin.client.policies.matrix.query();
  const rule = { kind: 'permission', role, object, action, effect: 'allow' } as const;
  const change = { changes: [{ op, rule }], baseEpoch: epoch, reason: 'A test' };
  return admin.client.policies.apply.mutate(change);
}

async function projectWith(person: Person, role: string): Promise<string> {
  const { id: projectId } = await admin.client.projects.create.mutate({ name: 'Rights' });
  await admin.client.members.add.mutate({ projectId, actorId: person.id, role });
  return projectId;
}

test.for([
  ['a WebSocket', (token: string) => server.connect(token)],
  ['server-sent events', (token: string) => stockSseClient(server.url, token)],
] as const)(
  'over %s: a change of the policy takes a right away and gives it back, and nobody hears of what does not concern them',
  async ([, connect]) => {
    const bob = await server.person('Bob');
    const projectId = await projectWith(bob, 'editor');
    const client = connect(bob.token);
    const [inside, outside] = [watch(client, projectId), watch(client)];
    const first = await inside.until(may('comments.add'));
    expect(first).toEqual(await bob.client.auth.permissions.query({ projectId }));
    expect(await outside.until(() => true)).toEqual(await bob.client.auth.permissions.query({}));
    await editPolicy('remove', 'editor', 'comments.add');
    await inside.until(mayNot('comments.add'));
    inside.received.length = 0;
    await editPolicy('add', 'editor', 'comments.add');
    await inside.until(may('comments.add'));
    expect(inside.received).toHaveLength(1);
    // Of the same epochs it heard nothing new: what is called in projects is no matter of outside.
    expect(outside.received).toHaveLength(1);
    inside.stop();
    outside.stop();
  },
);

test('roles given and taken, in the project and everywhere, are told at once; a project is lost and found', async () => {
  const cid = await server.person('Cid');
  const projectId = await projectWith(cid, 'viewer');
  const [inside, outside] = [watch(cid.client, projectId), watch(cid.client)];
  await inside.until(mayNot('comments.add'));
  await admin.client.members.setRole.mutate({ projectId, actorId: cid.id, role: 'editor' });
  const editor = await inside.until(may('comments.add'));
  expect(editor.roles).toContain('editor');
  await admin.client.members.remove.mutate({ projectId, actorId: cid.id });
  await inside.until(mayNot('projects.get'));
  inside.received.length = 0;
  await admin.client.members.add.mutate({ projectId, actorId: cid.id, role: 'viewer' });
  await inside.until(may('projects.get'));
  await admin.client.roles.assign.mutate({ actorId: cid.id, role: 'admin' });
  await outside.until(may('policies.matrix'));
  outside.received.length = 0;
  await admin.client.roles.unassign.mutate({ actorId: cid.id });
  await outside.until(mayNot('policies.matrix'));
});

test('a suspension and the end of a session end it, each with its reason', async () => {
  const [dan, eve] = [await server.person('Dan'), await server.person('Eve')];
  const [suspended, signedOut] = [watch(dan.client), watch(eve.client)];
  await Promise.all([suspended.until(() => true), signedOut.until(() => true)]);
  await admin.client.actors.suspend.mutate({ actorId: dan.id });
  await eve.client.auth.logout.mutate({});
  const never = () => false;
  expect((await failureOf(suspended.until(never))).code).toBe('ACCOUNT_SUSPENDED');
  expect((await failureOf(signedOut.until(never))).code).toBe('UNAUTHORIZED');
});

test('of a project that one may not see nothing is told', async () => {
  const fay = await server.person('Fay');
  const { id: projectId } = await admin.client.projects.create.mutate({ name: 'Hidden' });
  expect((await failureOf(watch(fay.client, projectId).until(() => true))).code).toBe('NOT_FOUND');
});
