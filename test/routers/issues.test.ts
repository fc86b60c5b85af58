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

type NewIssue = Parameters<WorkWorld['bob']['client']['issues']['create']['mutate']>[0];
const open = (title: string, input: Partial<NewIssue> = {}) =>
  world.bob.client.issues.create.mutate({ projectId, title, ...input });
const update = (issueId: string, changes: object) =>
  world.bob.client.issues.update.mutate({ projectId, issueId, ...changes });
const get = (issueId: string) => world.vic.client.issues.get.query({ projectId, issueId });

describe('the number of an issue', () => {
  test('counts 1, 2, 3 in each project, and is never given again', async () => {
    const [here, there] = [await world.makeProject(), await world.makeProject()];
    const { issues } = world.bob.client;
    const numbers: number[] = [];
    for (const id of [here, here, there, here])
      numbers.push((await issues.create.mutate({ projectId: id, title: 'I' })).number);
    expect(numbers).toEqual([1, 2, 1, 3]);
    const last = await issues.get.query({ projectId: here, number: 3 });
    await world.dan.client.issues.delete.mutate({ projectId: here, issueId: last.id });
    expect((await issues.create.mutate({ projectId: here, title: 'I' })).number).toBe(4);
  });

  test('has no gap when twenty are opened at once, and some of them fail', async () => {
    const here = await world.makeProject();
    const { server, bob } = world;
    const taken = (await bob.client.issues.create.mutate({ projectId: here, title: 'First' })).id;
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        server.connect(bob.token).issues.create.mutate({
          projectId: here,
          title: `Issue ${index}`,
          ...(index % 4 === 0 ? { id: taken } : {}),
        }),
      ),
    );
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(5);
    const { items } = await world.vic.client.issues.list.query({ projectId: here });
    expect(items.map((issue) => issue.number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, index) => index + 1),
    );
    expect((await bob.client.issues.create.mutate({ projectId: here, title: 'Next' })).number).toBe(17);
  });

  test('finds the issue as its id does; one of the two is to be given', async () => {
    const issue = await open('Found');
    expect(await world.vic.client.issues.get.query({ projectId, number: issue.number })).toEqual({
      ...issue,
      referencedBy: [],
    });
    const { issues } = world.vic.client;
    expect((await failureOf(issues.get.query({ projectId, number: 9999 }))).code).toBe('NOT_FOUND');
    expect((await failureOf(issues.get.query({ projectId }))).fields).toHaveProperty('issueId');
    expect(
      (await failureOf(issues.get.query({ projectId, number: 1, issueId: issue.id }))).fields,
    ).toHaveProperty('issueId');
  });
});

describe('an issue', () => {
  test('is opened with labels, an assignee, a body and free data', async () => {
    const issue = await open('Login fails', {
      body: 'It *fails*.',
      labels: ['bug', ' login ', 'bug'],
      assigneeId: world.dan.id,
      metadata: { browser: 'x', seenAt: 'noon' },
    });
    expect(issue).toMatchObject({
      projectId,
      title: 'Login fails',
      body: 'It *fails*.',
      state: 'open',
      author: { id: world.bob.id, name: 'Bob' },
      assignee: { id: world.dan.id },
      labels: ['bug', 'login'],
      metadata: { browser: 'x', seenAt: 'noon' },
      closedBy: null,
      closedAt: null,
      version: 1,
    });
    expect(await get(issue.id)).toEqual({ ...issue, referencedBy: [] });
  });

  test('is listed newest first, by state, assignee and labels, alone and together', async () => {
    const here = await world.makeProject();
    const { issues } = world.bob.client;
    const add = (labels: string[], assigneeId: string | null = null) =>
      issues.create.mutate({ projectId: here, title: 'I', labels, assigneeId });
    const [one, two, three] = [
      await add(['bug', 'ui'], world.dan.id),
      await add(['bug'], world.dan.id),
      await add([`it's "odd", 100%`]),
    ];
    await issues.close.mutate({ projectId: here, issueId: two.id });
    const find = async (filter: object) =>
      (await world.vic.client.issues.list.query({ projectId: here, ...filter })).items.map(
        (issue) => issue.number,
      );
    expect(await find({})).toEqual([3, 2, 1]);
    expect(await find({ state: 'open' })).toEqual([3, 1]);
    expect(await find({ state: 'closed' })).toEqual([2]);
    expect(await find({ labels: ['bug'] })).toEqual([2, 1]);
    expect(await find({ labels: ['bug', 'ui'] })).toEqual([1]);
    expect(await find({ labels: [`it's "odd", 100%`] })).toEqual([three.number]);
    expect(await find({ labels: ['b'] })).toEqual([]);
    expect(await find({ assigneeId: world.dan.id, state: 'open', labels: ['bug'] })).toEqual([one.number]);
    const page = await world.vic.client.issues.list.query({ projectId: here, limit: 2 });
    const rest = await world.vic.client.issues.list.query({
      projectId: here,
      limit: 2,
      cursor: page.nextCursor,
    });
    expect([...page.items, ...rest.items].map((issue) => issue.number)).toEqual([3, 2, 1]);
    expect(rest.nextCursor).toBeNull();
  });

  test('is closed and opened again, once however often it is asked', async () => {
    const { id: issueId } = await open('Door');
    const { issues } = world.bob.client;
    const at = { projectId, issueId };
    const closed = await issues.close.mutate(at);
    expect(closed).toMatchObject({ state: 'closed', closedBy: world.bob.id, closedAt: expect.any(Date) });
    expect(await world.dan.client.issues.close.mutate(at)).toEqual(closed);
    expect(await issues.reopen.mutate(at)).toMatchObject({ state: 'open', closedBy: null, closedAt: null });
    await issues.reopen.mutate(at);
    expect(await eventsOf(world.server, projectId, `issue:${issueId}`)).toEqual([
      'issue.created',
      'issue.closed',
      'issue.reopened',
    ]);
  });

  test('is not overwritten by who has not seen the last change, and they get what is stored', async () => {
    const { id, version } = await open('Draft', { labels: ['a'] });
    const current = await update(id, { labels: ['b'], version });
    expect(await failureOf(update(id, { labels: ['c'], version }))).toMatchObject({
      code: 'VERSION_CLASH',
      details: { sent: version, stored: version + 1, current },
    });
    expect((await update(id, { labels: ['b'], title: 'Draft' })).version).toBe(current.version);
  });

  test('is assigned only to who can see it', async () => {
    const { id } = await open('Whose');
    const refused = { code: 'ASSIGNEE_CANNOT_SEE' };
    expect(await failureOf(open('No', { assigneeId: world.eve.id }))).toMatchObject(refused);
    expect(await failureOf(update(id, { assigneeId: world.eve.id }))).toMatchObject(refused);
    expect((await update(id, { assigneeId: world.vic.id })).assignee?.id).toBe(world.vic.id);
    expect(await eventsOf(world.server, projectId, `issue:${id}`)).toEqual([
      'issue.created',
      'issue.updated',
      'issue.assigned',
    ]);
  });

  test('names every field of bad input', async () => {
    const failure = await failureOf(
      open('', {
        body: 'é'.repeat(32_769),
        labels: Array.from({ length: 21 }, (_, index) => `l${index}`),
        assigneeId: 'Dan',
        metadata: 'text' as never,
      }),
    );
    expect(Object.keys(failure.fields).toSorted()).toEqual([
      'assigneeId',
      'body',
      'labels',
      'metadata',
      'title',
    ]);
    expect((await failureOf(open('x', { labels: ['ok', ''] }))).fields).toEqual({
      'labels.1': 'must not be empty',
    });
  });

  test('belongs to its project: another project’s does not exist here', async () => {
    const other = await world.makeProject();
    const { id: issueId } = await open('There');
    const at = { projectId: other, issueId };
    const { issues, threads } = world.ada.client;
    const codes = await codesOf([
      issues.get.query(at),
      issues.update.mutate({ ...at, title: 'Mine' }),
      issues.close.mutate(at),
      issues.reopen.mutate(at),
      issues.delete.mutate(at),
      issues.restore.mutate(at),
      threads.create.mutate({ projectId: other, subjectType: 'issue', subjectId: issueId, body: 'x' }),
    ]);
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
  });

  test('is changed by editors, deleted by developers, read by viewers, and unknown to strangers', async () => {
    const { id: issueId } = await open('Mine');
    const at = { projectId, issueId };
    const { vic, bob, eve } = world;
    const forbidden = await codesOf([
      vic.client.issues.create.mutate({ projectId, title: 'x' }),
      vic.client.issues.update.mutate({ ...at, title: 'x' }),
      vic.client.issues.close.mutate(at),
      vic.client.issues.reopen.mutate(at),
      bob.client.issues.delete.mutate(at),
      bob.client.issues.restore.mutate(at),
    ]);
    expect(new Set(forbidden)).toEqual(new Set(['FORBIDDEN']));
    const unknown = await codesOf([
      eve.client.issues.get.query(at),
      eve.client.issues.list.query({ projectId }),
      eve.client.issues.close.mutate(at),
    ]);
    expect(new Set(unknown)).toEqual(new Set(['NOT_FOUND']));
  });

  test('is gone when it is deleted, and comes back under its number', async () => {
    const issue = await open('Phoenix');
    const at = { projectId, issueId: issue.id };
    await world.dan.client.issues.delete.mutate(at);
    expect((await failureOf(get(issue.id))).code).toBe('NOT_FOUND');
    expect(
      (await failureOf(world.vic.client.issues.get.query({ projectId, number: issue.number }))).code,
    ).toBe('NOT_FOUND');
    expect((await failureOf(world.bob.client.issues.close.mutate(at))).code).toBe('NOT_FOUND');
    expect((await world.dan.client.issues.restore.mutate(at)).number).toBe(issue.number);
    await world.dan.client.issues.restore.mutate(at);
    expect((await get(issue.id)).title).toBe('Phoenix');
    const { items } = await world.ada.client.audit.list.query({
      projectId,
      entityType: 'issues',
      entityId: issue.id,
    });
    expect(items.map((item) => item.action)).toEqual(['restore', 'delete', 'create']);
  });

  test('keeps a client-made id, and a retry with its mutationId acts once, under one number', async () => {
    const input = { projectId, title: 'Own id', id: randomUUID(), mutationId: randomUUID() };
    const made = await world.bob.client.issues.create.mutate(input);
    expect(await world.bob.client.issues.create.mutate(input)).toEqual(made);
    expect((await open('Next')).number).toBe(made.number + 1);
  });
});

describe('what refers to an issue', () => {
  const discuss = async (issueId: string, body: string) =>
    world.bob.client.threads.create.mutate({ projectId, subjectType: 'issue', subjectId: issueId, body });

  test('is listed with it, newest first: other issues, and comments anywhere in the project', async () => {
    const target = await open('Target');
    const other = await open('Other', { body: `Like #${target.number}, and \`#${target.number}\`.` });
    const { thread, comment } = await world.dan.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: `See #${target.number}`,
    });
    const second = await world.bob.client.comments.add.mutate({
      projectId,
      threadId: thread.id,
      body: `and #${target.number} again, #${target.number}`,
    });
    const { referencedBy } = await get(target.id);
    expect(referencedBy).toMatchObject([
      { issue: null, comment: { id: second.id, threadId: thread.id }, author: { id: world.bob.id } },
      {
        issue: null,
        comment: { id: comment.id, excerpt: `See #${target.number}` },
        author: { id: world.dan.id },
      },
      {
        issue: { id: other.id, number: other.number, title: 'Other', state: 'open' },
        comment: null,
        author: { id: world.bob.id },
      },
    ]);
    expect(referencedBy[0]?.createdAt).toBeInstanceOf(Date);
    expect(await eventsOf(world.server, projectId, `issue:${target.id}`)).toEqual([
      'issue.created',
      'issue.referenced',
      'issue.referenced',
      'issue.referenced',
    ]);
  });

  test('is not what stands in code, names no issue of the project, or is said in the issue’s own discussion', async () => {
    const here = await world.makeProject();
    const { issues } = world.bob.client;
    const elsewhere = await issues.create.mutate({
      projectId: here,
      title: 'Number 1',
      body: '#1 and #2 and #77',
    });
    const target = await open('Quoted');
    await update(target.id, { body: `I am #${target.number}` });
    const { thread } = await discuss(target.id, `This is #${target.number}`);
    await world.bob.client.comments.add.mutate({
      projectId,
      threadId: thread.id,
      body: `\`\`\`\n#${target.number}\n\`\`\``,
    });
    await open('Code', { body: `\`#${target.number}\`` });
    expect((await get(target.id)).referencedBy).toEqual([]);
    expect((await issues.get.query({ projectId: here, number: elsewhere.number })).referencedBy).toEqual([]);
  });

  test('follows edits, and goes and comes back with what is deleted and restored', async () => {
    const [one, two] = [await open('One'), await open('Two')];
    const source = await open('Source', { body: `#${one.number}` });
    const { thread, comment } = await discuss(source.id, `#${one.number} and #${two.number}`);
    const named = async (id: string) =>
      (await get(id)).referencedBy.map(({ issue, comment: by }) =>
        issue ? 'issue' : by ? 'comment' : 'none',
      );
    expect([await named(one.id), await named(two.id)]).toEqual([['comment', 'issue'], ['comment']]);
    await update(source.id, { body: `now #${two.number}` });
    await world.bob.client.comments.edit.mutate({
      projectId,
      commentId: comment.id,
      body: `#${one.number} only`,
    });
    expect([await named(one.id), await named(two.id)]).toEqual([['comment'], ['issue']]);
    await world.dan.client.issues.delete.mutate({ projectId, issueId: source.id });
    await world.bob.client.threads.delete.mutate({ projectId, threadId: thread.id });
    expect([await named(one.id), await named(two.id)]).toEqual([[], []]);
    await world.dan.client.issues.restore.mutate({ projectId, issueId: source.id });
    await world.bob.client.threads.restore.mutate({ projectId, threadId: thread.id });
    expect([await named(one.id), await named(two.id)]).toEqual([['comment'], ['issue']]);
    await world.bob.client.comments.delete.mutate({ projectId, commentId: comment.id });
    expect(await named(one.id)).toEqual([]);
  });

  test('two issues that name each other at once both know it', async () => {
    const { server, bob } = world;
    const [one, two] = [await open('Chicken'), await open('Egg')];
    await Promise.all([
      server.connect(bob.token).issues.update.mutate({ projectId, issueId: one.id, body: `#${two.number}` }),
      server.connect(bob.token).issues.update.mutate({ projectId, issueId: two.id, body: `#${one.number}` }),
    ]);
    expect((await get(one.id)).referencedBy).toMatchObject([{ issue: { id: two.id } }]);
    expect((await get(two.id)).referencedBy).toMatchObject([{ issue: { id: one.id } }]);
  });
});
