/** Who is typing: told to the others who watch the thread, until they stop or fall silent. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TypingChange } from '../../src/views/presence.ts';
import { type Frames, collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let other: TestServer;
let ada: Person;
let bob: Person;
let viewer: Person;
let projectId: string;
let threadId: string;

beforeAll(async () => {
  const services = new Set(['api', 'realtime'] as const);
  server = await startServer({ services });
  other = await startServer({ beside: server, services });
  [ada, bob, viewer] = [
    await server.person('Ada'),
    await server.person('Bob'),
    await server.person('Viewer'),
  ];
  ({ id: projectId } = await ada.client.projects.create.mutate({ name: 'Typing' }));
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  await ada.client.members.add.mutate({ projectId, actorId: viewer.id, role: 'viewer' });
  threadId = await openThread();
});
afterAll(async () => {
  await other.close();
  await server.close();
});

async function openThread(): Promise<string> {
  const on = { subjectType: 'project', subjectId: projectId } as const;
  return (await ada.client.threads.create.mutate({ projectId, ...on, body: 'Hello.' })).thread.id;
}
async function watch(client: Person['client'], inThread?: string): Promise<Frames<TypingChange>> {
  const frames = collectFrames<TypingChange>((on) =>
    client.presence.watchTyping.subscribe({ projectId, threadId: inThread }, on),
  );
  await frames.until(({ type }) => type === 'snapshot');
  return frames;
}
const type = (isTyping = true, inThread = threadId) =>
  bob.client.presence.typing.mutate({ projectId, threadId: inThread, isTyping });
const actor = () => ({ id: bob.id, username: bob.username, name: 'Bob', actorType: 'person' });

test('who types is told to the others on every node, once, and that they stopped, but not to themselves', async () => {
  const watchers = [await watch(viewer.client, threadId), await watch(other.connect(ada.token))];
  const self = await watch(bob.client, threadId);
  await type();
  await type();
  await Promise.all(watchers.map((frames) => frames.until((frame) => frame.type === 'started')));
  const late = await watch(server.connect(ada.token), threadId);
  await type(false);
  await Promise.all([...watchers, late].map((frames) => frames.until((frame) => frame.type === 'stopped')));
  for (const frames of watchers)
    expect(frames.received).toEqual([
      { type: 'snapshot', typing: [] },
      { type: 'started', threadId, actor: actor() },
      { type: 'stopped', threadId, actor: actor() },
    ]);
  expect(late.received[0]).toEqual({ type: 'snapshot', typing: [{ threadId, actor: actor() }] });
  expect(self.received).toEqual([{ type: 'snapshot', typing: [] }]);
  for (const frames of [...watchers, self, late]) frames.stop();
});

test('a watcher of one thread hears nothing of another, and who falls silent has stopped', async () => {
  const elsewhere = await openThread();
  const [all, one] = [await watch(ada.client), await watch(ada.client, threadId)];
  await type(true, elsewhere);
  await all.until((frame) => frame.type === 'stopped');
  expect(all.received.map((frame) => frame.type)).toEqual(['snapshot', 'started', 'stopped']);
  expect(one.received).toEqual([{ type: 'snapshot', typing: [] }]);
  for (const frames of [all, one]) frames.stop();
});

test('only who may comment types, in threads of the project', async () => {
  expect(await failureOf(viewer.client.presence.typing.mutate({ projectId, threadId }))).toMatchObject({
    code: 'FORBIDDEN',
  });
  const { id: foreign } = await ada.client.projects.create.mutate({ name: 'Foreign' });
  expect(await failureOf(ada.client.presence.typing.mutate({ projectId: foreign, threadId }))).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await failureOf(bob.client.presence.typing.mutate({ projectId: foreign, threadId }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});
