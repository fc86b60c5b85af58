import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let cleo: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
});
afterAll(() => server.close());

interface Told {
  id: string;
  type: string;
  title: string;
  message: string;
  subject: string;
  payload: Record<string, unknown>;
}
interface Frame {
  type: string;
  seq: number;
  payload: Told & { ids: string[] | null };
  notifications: Told[];
  unreadCount: number;
}

const watchInbox = (person: Person, lastEventId?: string) =>
  collectFrames<Frame>((on) =>
    person.client.notifications.watch.subscribe(lastEventId === undefined ? {} : { lastEventId }, on),
  );

/** A project of Ada's with new people Bob and Cleo as editors, who have read that they were added. */
async function makeProject(visibility: 'private' | 'public' = 'private'): Promise<string> {
  [bob, cleo] = [await server.person('Bob'), await server.person('Cleo')];
  const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Inbox', visibility });
  for (const person of [bob, cleo])
    await ada.client.members.add.mutate({ projectId, actorId: person.id, role: 'editor' });
  return projectId;
}

async function openThread(projectId: string, body = 'First', person = ada, title?: string): Promise<string> {
  const { thread } = await person.client.threads.create.mutate({
    projectId,
    body,
    title: title ?? null,
    subjectType: 'project',
    subjectId: projectId,
  });
  return thread.id;
}
const add = (projectId: string, person: Person, threadId: string, body: string) =>
  person.client.comments.add.mutate({ projectId, threadId, body });

let marks = 0;
/**
 * What a person was told in the project until now, oldest first. Events are followed in order, so when a
 * mention made now has arrived, everything before has.
 */
async function told(projectId: string, person: Person): Promise<Told[]> {
  marks += 1;
  const mark = `mark ${marks}.`;
  const watching = watchInbox(person);
  await watching.until((frame) => frame.type === 'snapshot');
  await openThread(projectId, `@${person.username} ${mark}`);
  const seen = (frame: Frame) =>
    frame.payload?.message?.endsWith(mark) ||
    frame.notifications?.some(({ message }) => message.endsWith(mark));
  await watching.until(seen);
  watching.stop();
  const { items } = await person.client.notifications.list.query({ limit: 200 });
  return items
    .filter((item) => item.type !== 'member.added' && !/mark \d+\.$/.test(item.message))
    .toReversed();
}
const typesTold = async (projectId: string, person: Person) =>
  (await told(projectId, person)).map((item) => item.type);

describe('who is told of comments', () => {
  test('whoever opened the thread or wrote in it, but not who wrote the comment, and nobody else', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(projectId, 'First', ada, 'Naming');
    await add(projectId, bob, threadId, 'Some  thought\nor other');
    await add(projectId, ada, threadId, 'Answer');
    expect(await typesTold(projectId, bob)).toEqual(['comment']);
    expect(await typesTold(projectId, cleo)).toEqual([]);
    const own = (await ada.client.notifications.list.query({})).items.filter(
      (item) => item.projectId === projectId,
    );
    expect(own).toMatchObject([
      {
        type: 'comment',
        title: 'Bob commented on “Naming”',
        message: 'Some thought or other',
        subject: `thread:${threadId}`,
        payload: { threadId, actorId: bob.id },
        readAt: null,
      },
    ]);
  });

  test('those mentioned, once, also in the first comment, and from then on as followers', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(
      projectId,
      `@${bob.username} and @${bob.username}: look, @${cleo.username.toUpperCase()}!`,
    );
    await add(projectId, cleo, threadId, `Yes @${bob.username}, and you @${ada.username}`);
    await add(projectId, ada, threadId, 'Fine');
    expect(await typesTold(projectId, bob)).toEqual(['mention', 'mention', 'comment']);
    expect((await told(projectId, cleo)).map((item) => item.title)).toEqual([
      'Ada mentioned you',
      'Ada commented on the project',
    ]);
  });

  test('nobody for a name in code, or for their own', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(
      projectId,
      `Run \`@${bob.username}\`\n\n    @${bob.username}\n\nor write to a@${bob.username}`,
    );
    await add(projectId, cleo, threadId, `I am @${cleo.username}`);
    expect(await typesTold(projectId, bob)).toEqual([]);
    expect(await typesTold(projectId, cleo)).toEqual([]);
  });

  test('an edit tells only who is newly mentioned', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(projectId);
    const { id: commentId } = await add(projectId, ada, threadId, `@${bob.username}`);
    const edit = (body: string) => ada.client.comments.edit.mutate({ projectId, commentId, body });
    await edit('nobody');
    await edit(`@${bob.username} again`);
    await edit(`@${bob.username} and @${cleo.username}`);
    expect(await typesTold(projectId, bob)).toEqual(['mention']);
    expect((await told(projectId, cleo)).map((item) => item.message)).toEqual([
      `@${bob.username} and @${cleo.username}`,
    ]);
  });

  test('nobody who could not see the thread when they were mentioned, also not once they can', async () => {
    const projectId = await makeProject();
    const eve = await server.person('Eve');
    const threadId = await openThread(projectId, `@${eve.username} @nobody-by-this-name`);
    await ada.client.members.add.mutate({ projectId, actorId: eve.id, role: 'viewer' });
    await add(projectId, ada, threadId, 'More');
    expect(await typesTold(projectId, eve)).toEqual([]);
  });

  test('who lost access to a project hears nothing more of its threads', async () => {
    const projectId = await makeProject();
    const [leaver, stayer] = [cleo, bob];
    const threadId = await openThread(projectId);
    await add(projectId, leaver, threadId, 'I follow this');
    await add(projectId, stayer, threadId, 'So do I');
    expect(await typesTold(projectId, leaver)).toEqual(['comment']);
    await ada.client.members.remove.mutate({ projectId, actorId: leaver.id });
    await add(projectId, ada, threadId, `For members only, @${leaver.username}`);
    expect(await typesTold(projectId, stayer)).toEqual(['comment']);
    const { items } = await leaver.client.notifications.list.query({});
    expect(items.map((item) => item.message).join()).not.toContain('For members only');
  });

  test('everyone signed in can be mentioned in a public project', async () => {
    const projectId = await makeProject('public');
    const guest = await server.person('Guest');
    await openThread(projectId, `@${guest.username} you may read this`);
    expect(await typesTold(projectId, guest)).toEqual(['mention']);
  });

  test('muting silences a thread, mentions included; subscribing follows one without a word', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(projectId);
    await add(projectId, bob, threadId, 'I wrote here');
    await bob.client.threads.unsubscribe.mutate({ projectId, threadId });
    await cleo.client.threads.subscribe.mutate({ projectId, threadId });
    expect((await cleo.client.threads.get.query({ projectId, threadId })).subscription).toBe('subscribed');
    await add(projectId, ada, threadId, `Hello @${bob.username}`);
    expect(await typesTold(projectId, bob)).toEqual([]);
    expect(await typesTold(projectId, cleo)).toEqual(['comment']);
    await bob.client.threads.subscribe.mutate({ projectId, threadId });
    await add(projectId, ada, threadId, 'Back?');
    expect(await typesTold(projectId, bob)).toEqual(['comment']);
  });

  test('a type that a person turned off is not told to them, and on again it is', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(projectId);
    await cleo.client.threads.subscribe.mutate({ projectId, threadId });
    await cleo.client.notifications.setPreference.mutate({ type: 'comment', isEnabled: false });
    expect(await cleo.client.notifications.preferences.query({})).toContainEqual({
      type: 'comment',
      isEnabled: false,
    });
    await add(projectId, ada, threadId, 'Unheard');
    expect(await typesTold(projectId, cleo)).toEqual([]);
    await cleo.client.notifications.setPreference.mutate({ type: 'comment', isEnabled: true });
    await add(projectId, ada, threadId, 'Heard');
    expect((await told(projectId, cleo)).map((item) => item.message)).toEqual(['Heard']);
  });

  test('a comment that was deleted before anyone was told is not told', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(projectId);
    const { reads } = server.tessera.services;
    // Holds the follower's place, as another worker would.
    const holder = await reads.connect();
    try {
      await expect
        .poll(
          async () =>
            (
              await reads.query(
                `select from follower_cursors where stream = $1 and follower = 'notifications'`,
                [`project:${projectId}`],
              )
            ).rowCount,
        )
        .toBe(1);
      await holder.query('begin');
      await holder.query(
        `select from follower_cursors where stream = $1 and follower = 'notifications' for update`,
        [`project:${projectId}`],
      );
      const { id: commentId } = await add(projectId, ada, threadId, `@${bob.username} never mind`);
      await ada.client.comments.delete.mutate({ projectId, commentId });
    } finally {
      await holder.query('commit');
      holder.release();
    }
    expect(await typesTold(projectId, bob)).toEqual([]);
  });
});

describe('what else is told', () => {
  test('that a thread was resolved, to its followers but not to who did it', async () => {
    const projectId = await makeProject();
    const threadId = await openThread(projectId, 'First', bob, 'Naming');
    await add(projectId, cleo, threadId, 'Agreed');
    await cleo.client.threads.resolve.mutate({ projectId, threadId });
    expect((await told(projectId, bob)).at(-1)).toMatchObject({
      type: 'thread.resolved',
      title: 'Cleo resolved “Naming”',
      subject: `thread:${threadId}`,
    });
    expect(await typesTold(projectId, cleo)).toEqual([]);
  });

  test('that one was added to a project, to the person added', async () => {
    const projectId = await makeProject();
    const watching = watchInbox(bob);
    const isAdded = (item: Told) => item.type === 'member.added' && item.subject === `project:${projectId}`;
    await watching.until((frame) => (frame.notifications ?? [frame.payload]).some(isAdded));
    watching.stop();
    const added = (await bob.client.notifications.list.query({})).items.find(isAdded);
    expect(added).toMatchObject({
      title: 'Ada added you to Inbox',
      message: 'Your role in the project is editor.',
      payload: { projectId, role: 'editor' },
    });
    const own = (await ada.client.notifications.list.query({ limit: 200 })).items.filter(isAdded);
    expect(own).toEqual([]);
  });
});

describe('the inbox', () => {
  test('is live: what is unread, what comes, and what was read in another window', async () => {
    const projectId = await makeProject();
    await openThread(projectId, `@${bob.username} one`);
    await told(projectId, bob);
    const watching = watchInbox(bob);
    const snapshot = await watching.until((frame) => frame.type === 'snapshot');
    const before = (await bob.client.notifications.list.query({})).items;
    expect(snapshot.notifications).toEqual(before);
    expect(snapshot.unreadCount).toBe(before.length);
    expect(await bob.client.notifications.unreadCount.query({})).toBe(before.length);

    await openThread(projectId, `@${bob.username} two`);
    const { payload: notification } = await watching.until((frame) => frame.type === 'notification.added');
    const listed = (await bob.client.notifications.list.query({ limit: 1 })).items;
    expect(listed).toEqual([notification]);

    expect(await bob.client.notifications.markRead.mutate({ ids: [notification.id] })).toEqual({ count: 1 });
    expect(await bob.client.notifications.markRead.mutate({ ids: [notification.id] })).toEqual({ count: 0 });
    expect((await watching.until((frame) => frame.type === 'notification.read')).payload).toEqual({
      ids: [notification.id],
      readAt: expect.any(Date),
    });
    expect((await bob.client.notifications.list.query({ unreadOnly: true })).items).toEqual(before);
    expect(await bob.client.notifications.markAllRead.mutate({})).toEqual({ count: before.length });
    await watching.until((frame) => frame.type === 'notification.read' && frame.payload.ids === null);
    expect(await bob.client.notifications.unreadCount.query({})).toBe(0);
    watching.stop();

    await openThread(projectId, `@${bob.username} three`);
    const resumed = watchInbox(bob, watching.lastId() ?? '');
    expect((await resumed.until((frame) => frame.type === 'notification.added')).payload.message).toBe(
      `@${bob.username} three`,
    );
    expect(resumed.received.map((frame) => frame.type)).toEqual(['notification.added']);
    resumed.stop();
  });

  test('groups by subject, the one with the newest first, and marks a whole subject as read', async () => {
    const projectId = await makeProject();
    const [one, two] = [await openThread(projectId), await openThread(projectId)];
    for (const threadId of [one, two]) await cleo.client.threads.subscribe.mutate({ projectId, threadId });
    await add(projectId, ada, one, 'a');
    await add(projectId, ada, two, 'b');
    await add(projectId, ada, one, 'c');
    await told(projectId, cleo);
    const groups = async (input = {}) =>
      (await cleo.client.notifications.groups.query(input)).items
        .map(({ subject, newest, total, unread }) => ({ subject, message: newest.message, total, unread }))
        .filter(({ subject }) => subject === `thread:${one}` || subject === `thread:${two}`);
    expect(await groups()).toEqual([
      { subject: `thread:${one}`, message: 'c', total: 2, unread: 2 },
      { subject: `thread:${two}`, message: 'b', total: 1, unread: 1 },
    ]);
    expect(await cleo.client.notifications.markRead.mutate({ subject: `thread:${one}` })).toEqual({
      count: 2,
    });
    expect(await groups({ unreadOnly: true })).toEqual([
      { subject: `thread:${two}`, message: 'b', total: 1, unread: 1 },
    ]);
    const first = await cleo.client.notifications.groups.query({ limit: 1 });
    const rest = await cleo.client.notifications.groups.query({ limit: 200, cursor: first.nextCursor });
    const all = (await cleo.client.notifications.groups.query({ limit: 200 })).items;
    expect([...first.items, ...rest.items]).toEqual(all);
  });

  test('is one’s own: nobody reads or marks another’s', async () => {
    const projectId = await makeProject();
    await openThread(projectId, `@${bob.username} hello`);
    const [notification] = await told(projectId, bob);
    expect(await cleo.client.notifications.markRead.mutate({ ids: [notification?.id ?? ''] })).toEqual({
      count: 0,
    });
    expect((await cleo.client.notifications.list.query({})).items.map((item) => item.id)).not.toContain(
      notification?.id,
    );
    expect((await failureOf(server.connect().notifications.list.query({}))).code).toBe('UNAUTHORIZED');
    expect((await failureOf(bob.client.notifications.markRead.mutate({}))).fields).toHaveProperty('ids');
  });
});
