import { expect, test, vi } from 'vitest';
import { readInbox } from '../support/readInbox.ts';
import { startServer } from '../support/server.ts';

test('who opened a thread is told of a comment from a server whose clock is an hour behind', async () => {
  await using server = await startServer();
  const [ada, bob] = [await server.person('Ada'), await server.person('Bob')];
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Clocks' });
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  const subject = { subjectType: 'project', subjectId: projectId } as const;
  const { thread } = await ada.client.threads.create.mutate({ projectId, ...subject, body: 'When?' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  try {
    await bob.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'An hour ago' });
  } finally {
    vi.useRealTimers();
  }
  expect((await readInbox(projectId, ada, bob)).map(({ message }) => message)).toEqual(['An hour ago']);
});
