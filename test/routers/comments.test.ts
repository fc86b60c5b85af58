import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { watchThreads } from '../support/threadWorld.ts';

let server: TestServer;
let ada: Person;
let bob: Person;
let vera: Person;
let projectId: string;

beforeAll(async () => {
  server = await startServer();
  [ada, bob, vera] = [await server.person('Ada'), await server.person('Bob'), await server.person('Vera')];
  projectId = (await ada.client.projects.create.mutate({ name: 'Comments' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'editor' });
  await ada.client.members.add.mutate({ projectId, actorId: vera.id, role: 'viewer' });
});
afterAll(() => server.close());

async function openThread(person = ada): Promise<string> {
  const { thread } = await person.client.threads.create.mutate({
    projectId,
    body: 'First',
    subjectType: 'project',
    subjectId: projectId,
  });
  return thread.id;
}
const add = (person: Person, threadId: string, body: string) =>
  person.client.comments.add.mutate({ projectId, threadId, body });
const list = async (threadId: string) =>
  (await bob.client.comments.list.query({ projectId, threadId })).items;

const watchThread = (threadId: string) => watchThreads(bob, { projectId, threadId });

describe('comments', () => {
  test('are listed oldest first with authors and reactions, page by page, and events show them alike', async () => {
    const threadId = await openThread();
    const watching = watchThread(threadId);
    await watching.until((frame) => frame.type === 'snapshot');
    const added = await add(bob, threadId, 'Second');
    expect(added).toMatchObject({
      author: { id: bob.id },
      authorType: 'USER',
      body: 'Second',
      reactions: [],
      editedAt: null,
    });
    expect((await watching.until((frame) => frame.type === 'comment.added')).payload).toEqual(added);
    watching.stop();
    for (let n = 3; n <= 7; n += 1) await add(ada, threadId, `Number ${n}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { body: string }[]; nextCursor: string | null } =
        await vera.client.comments.list.query({ projectId, threadId, limit: 3, cursor });
      seen.push(...page.items.map((comment) => comment.body));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['First', 'Second', 'Number 3', 'Number 4', 'Number 5', 'Number 6', 'Number 7']);
    expect((await list(threadId))[1]).toEqual(added);
  });

  test('are edited by their author alone, who is seen to have done so', async () => {
    const threadId = await openThread();
    const { id: commentId } = await add(bob, threadId, 'Tpyo');
    const watching = watchThread(threadId);
    await watching.until((frame) => frame.type === 'snapshot');
    expect(
      (await failureOf(ada.client.comments.edit.mutate({ projectId, commentId, body: 'Mine' }))).code,
    ).toBe('NOT_AUTHOR');
    await ada.client.comments.react.mutate({ projectId, commentId, emoji: '👀' });
    const same = await bob.client.comments.edit.mutate({ projectId, commentId, body: 'Tpyo' });
    expect(same.editedAt).toBeNull();
    const edited = await bob.client.comments.edit.mutate({ projectId, commentId, body: 'Typo' });
    expect(edited).toMatchObject({ body: 'Typo', reactions: [{ emoji: '👀', actorIds: [ada.id] }] });
    expect(edited.editedAt).toBeInstanceOf(Date);
    expect((await watching.until((frame) => frame.type === 'comment.edited')).payload).toEqual(edited);
    expect((await list(threadId))[1]).toEqual(edited);
    expect(watching.received.map((frame) => frame.type)).toEqual([
      'snapshot',
      'comment.reacted',
      'comment.edited',
    ]);
    watching.stop();
  });

  test('are deleted by their author and by moderators, and then shown by no list', async () => {
    const threadId = await openThread(bob);
    const [first, second] = [await add(bob, threadId, 'one'), await add(ada, threadId, 'two')];
    const watching = watchThread(threadId);
    await watching.until((frame) => frame.type === 'snapshot');
    expect(
      (await failureOf(bob.client.comments.delete.mutate({ projectId, commentId: second.id }))).code,
    ).toBe('NOT_AUTHOR_OR_MODERATOR');
    await ada.client.comments.delete.mutate({ projectId, commentId: first.id });
    await ada.client.comments.delete.mutate({ projectId, commentId: second.id });
    expect((await watching.until((frame) => frame.type === 'comment.deleted')).payload).toEqual({
      id: first.id,
      threadId,
    });
    watching.stop();
    expect((await list(threadId)).map((comment) => comment.body)).toEqual(['First']);
    for (const call of [
      () => bob.client.comments.edit.mutate({ projectId, commentId: first.id, body: 'x' }),
      () => ada.client.comments.delete.mutate({ projectId, commentId: first.id }),
      () => ada.client.comments.react.mutate({ projectId, commentId: first.id, emoji: '👍' }),
    ]) {
      expect((await failureOf(call())).code).toBe('NOT_FOUND');
    }
  });

  test('keep the id that the client made, once', async () => {
    const threadId = await openThread();
    const id = randomUUID();
    expect((await bob.client.comments.add.mutate({ projectId, threadId, id, body: 'x' })).id).toBe(id);
    expect(
      (await failureOf(bob.client.comments.add.mutate({ projectId, threadId, id, body: 'x' }))).code,
    ).toBe('ID_TAKEN');
    expect(await list(threadId)).toHaveLength(2);
  });

  test('sent twice with one mutationId are one comment and one event, which names the mutation', async () => {
    const threadId = await openThread();
    const watching = watchThread(threadId);
    await watching.until((frame) => frame.type === 'snapshot');
    const mutationId = randomUUID();
    const call = () => bob.client.comments.add.mutate({ projectId, threadId, body: 'Once', mutationId });
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    await add(ada, threadId, 'Last');
    await watching.until((frame) => (frame.payload as { body?: string } | undefined)?.body === 'Last');
    expect(
      watching.received.filter((frame) => frame.type === 'comment.added').map((frame) => frame.mutationId),
    ).toEqual([mutationId, null]);
    watching.stop();
  });

  test.each([
    ['nothing', ''],
    ['NUL', 'a\0b'],
    ['half of a surrogate pair', 'a\ud83d'],
    ['more than 65,536 bytes', 'é'.repeat(32_769)],
  ])('of %s are refused, naming the field', async (_, body) => {
    const threadId = await openThread();
    const failure = await failureOf(add(bob, threadId, body));
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields ?? {})).toEqual(['body']);
  });

  test('of exactly 65,536 bytes, and of any script, come back as they were', async () => {
    const threadId = await openThread();
    const bodies = ['é'.repeat(32_768), '👩‍👩‍👧‍👦 שלום 你好 \u2028 `\\` $1 ?? :name', ' \n\t'];
    for (const body of bodies) await add(bob, threadId, body);
    expect((await list(threadId)).slice(1).map((comment) => comment.body)).toEqual(bodies);
  });

  test('are written by editors and read by viewers, and do not exist for strangers', async () => {
    const threadId = await openThread();
    const eve = await server.person('Eve');
    expect((await failureOf(add(vera, threadId, 'x'))).code).toBe('FORBIDDEN');
    expect((await failureOf(add(eve, threadId, 'x'))).code).toBe('NOT_FOUND');
    expect((await failureOf(eve.client.comments.list.query({ projectId, threadId }))).code).toBe('NOT_FOUND');
    expect((await vera.client.comments.list.query({ projectId, threadId })).items).toHaveLength(1);
  });

  test('of many people at once are all kept, in one order that every watcher sees', async () => {
    const threadId = await openThread();
    const watchers = [watchThread(threadId), watchThread(threadId)];
    await Promise.all(watchers.map((watching) => watching.until((frame) => frame.type === 'snapshot')));
    await Promise.all(Array.from({ length: 30 }, (_, n) => add(n % 2 ? ada : bob, threadId, `Comment ${n}`)));
    await add(ada, threadId, 'Last');
    for (const watching of watchers)
      await watching.until((frame) => (frame.payload as { body?: string } | undefined)?.body === 'Last');
    const orders = watchers.map((watching) =>
      watching.received.slice(1).map((frame) => (frame.payload as { id: string }).id),
    );
    expect(orders[0]).toHaveLength(31);
    expect(orders[1]).toEqual(orders[0]);
    const seqs = watchers[0]?.received.map((frame) => frame.seq) ?? [];
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    for (const watching of watchers) watching.stop();
  });
});

describe('reactions', () => {
  test('count once for each person and emoji, are listed in the order they came, and can be taken away', async () => {
    const threadId = await openThread();
    const { id: commentId } = await add(bob, threadId, 'React to this');
    const watching = watchThread(threadId);
    await watching.until((frame) => frame.type === 'snapshot');
    const react = (person: Person, emoji: string) =>
      person.client.comments.react.mutate({ projectId, commentId, emoji });
    const reaction = await react(vera, '👍');
    await Promise.all([react(vera, '👍'), react(vera, '👍')]);
    await react(ada, '🎉');
    await react(ada, '👍');
    expect((await list(threadId))[1]?.reactions).toEqual([
      { emoji: '👍', actorIds: [vera.id, ada.id] },
      { emoji: '🎉', actorIds: [ada.id] },
    ]);
    await vera.client.comments.unreact.mutate({ projectId, commentId, emoji: '👍' });
    await vera.client.comments.unreact.mutate({ projectId, commentId, emoji: '👍' });
    await react(ada, '🚀');
    await watching.until((frame) => (frame.payload as { emoji?: string } | undefined)?.emoji === '🚀');
    const told = watching.received
      .slice(1)
      .map((frame) => [frame.type, (frame.payload as { emoji: string }).emoji]);
    expect(told).toEqual([
      ['comment.reacted', '👍'],
      ['comment.reacted', '🎉'],
      ['comment.reacted', '👍'],
      ['comment.unreacted', '👍'],
      ['comment.reacted', '🚀'],
    ]);
    expect(watching.received[1]?.payload).toEqual({
      ...reaction,
      reactions: [{ emoji: '👍', actorIds: [reaction.actorId] }],
    });
    expect((await list(threadId))[1]?.reactions).toEqual([
      { emoji: '🎉', actorIds: [ada.id] },
      { emoji: '👍', actorIds: [ada.id] },
      { emoji: '🚀', actorIds: [ada.id] },
    ]);
    watching.stop();
  });

  test('are one emoji each, in whatever form it was typed', async () => {
    const threadId = await openThread();
    const { id: commentId } = await add(bob, threadId, 'x');
    for (const emoji of ['', 'a', '+1', '👍👍', '👍 ', '\u200d', 'é', '👍\0']) {
      expect(
        (await failureOf(bob.client.comments.react.mutate({ projectId, commentId, emoji }))).fields,
      ).toHaveProperty('emoji');
    }
    await bob.client.comments.react.mutate({ projectId, commentId, emoji: '❤' });
    await ada.client.comments.react.mutate({ projectId, commentId, emoji: '❤️' });
    await ada.client.comments.react.mutate({ projectId, commentId, emoji: '👩🏻‍❤️‍💋‍👩🏿' });
    expect((await list(threadId))[1]?.reactions).toEqual([
      { emoji: '❤️', actorIds: [bob.id, ada.id] },
      { emoji: '👩🏻‍❤️‍💋‍👩🏿', actorIds: [ada.id] },
    ]);
  });
});
