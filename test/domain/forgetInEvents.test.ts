import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { concealActors } from '../../src/domain/retention/concealActors.ts';
import { forgetInEvents } from '../../src/domain/retention/forgetInEvents.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
});
afterAll(() => server.close());

const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await server.tessera.services.reads.query<Row>(text, values)).rows;
/** Says that an account was deleted two minutes ago, and lets the job run. */
async function forget(actorId: string): Promise<number> {
  await sql(`update actors set deleted_at = now() - interval '2 minutes' where id = $1`, [actorId]);
  return forgetInEvents(server.tessera.services.orm);
}
/** All that is kept of a project's stream, but what is said of it. */
const skeleton = (projectId: string) =>
  sql(
    'select seq, type, subject, actor_id, mutation_id, created_at from events where stream = $1 order by seq',
    [`project:${projectId}`],
  );

describe('the events that are kept', () => {
  test('name a deleted account no more, and are otherwise as they were', async () => {
    const gus = await server.person('Gustav Gone');
    const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Kept' });
    await ada.client.members.add.mutate({ projectId, actorId: gus.id, role: 'developer' });
    const { thread } = await gus.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: `Dear @${ada.username}`,
    });
    await ada.client.comments.add.mutate({ projectId, threadId: thread.id, body: 'Yes.' });
    const issue = await ada.client.issues.create.mutate({ projectId, title: 'Theirs', assigneeId: gus.id });
    const told = () => ada.client.notifications.list.query();
    await expect
      .poll(async () => (await told()).items.map(({ title }) => title))
      .toEqual(['Gustav Gone mentioned you']);
    await gus.client.actors.delete.mutate({ password: gus.password });

    const before = await skeleton(projectId);
    expect(JSON.stringify(await ada.client.projects.activity.query({ projectId }))).toContain('Gustav Gone');
    expect(await forget(gus.id)).toBe(1);
    expect(await skeleton(projectId)).toEqual(before);
    const kept = await sql<{ payload: string }>('select payload::text from events');
    for (const { payload } of kept) {
      expect(payload).not.toContain('Gustav Gone');
      expect(payload.replaceAll(`Dear @${ada.username}`, '')).not.toContain(`"${gus.username}"`);
    }
    const { items } = await ada.client.projects.activity.query({ projectId });
    expect(items.find(({ type }) => type === 'issue.created')?.payload).toMatchObject({
      id: issue.id,
      assignee: { id: gus.id, name: 'Deleted account' },
      author: { id: ada.id, name: 'Ada' },
    });
    const [notice] = await sql<{ title: string }>(
      `select payload ->> 'title' as title from events where stream = $1 and type = 'notification.added'`,
      [`user:${ada.id}`],
    );
    expect(notice).toEqual({ title: 'Deleted account mentioned you' });
    expect(
      await sql(`select from audit_logs where action = 'forget' and entity_id = $1`, [gus.id]),
    ).toHaveLength(1);
    expect(await forgetInEvents(server.tessera.services.orm)).toBe(0);
  });

  test('are looked through whole, batch after batch, while a subscription goes on from its cursor', async () => {
    const hal = await server.person('Hal Hidden');
    const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Long' });
    await ada.client.members.add.mutate({ projectId, actorId: hal.id, role: 'developer' });
    await hal.client.issues.create.mutate({ projectId, title: 'First' });
    const stream = `project:${projectId}`;
    await sql(
      `insert into events (stream, seq, type, subject, payload, actor_id, created_at)
       select e.stream, s.seq + n, e.type, e.subject, e.payload, e.actor_id, now()
       from events e, streams s, generate_series(1, 4500) n where e.stream = $1 and e.type = 'issue.created' and s.stream = $1`,
      [stream],
    );
    await sql('update streams set seq = seq + 4500 where stream = $1', [stream]);
    await hal.client.actors.delete.mutate({ password: hal.password });
    expect(await forget(hal.id)).toBe(1);
    const named = await sql<{ name: string; count: number }>(
      `select payload -> 'author' ->> 'name' as name, count(*)::int as count from events where stream = $1 and type = 'issue.created' group by 1`,
      [stream],
    );
    expect(named).toEqual([{ name: 'Deleted account', count: 4501 }]);
    const [{ epoch, seq } = { epoch: '', seq: '' }] = await sql<{ epoch: string; seq: string }>(
      'select epoch::text, (seq - 3)::text as seq from streams where stream = $1',
      [stream],
    );
    const received: unknown[] = [];
    const all = Promise.withResolvers<void>();
    const subscription = ada.client.projects.watch.subscribe(
      { projectId, lastEventId: `${epoch}.${seq}` },
      {
        onData: ({ data }) => {
          received.push(data.type === 'issue.created' ? data.payload.author?.name : data.type);
          if (received.length === 3) all.resolve();
        },
        onError: all.reject,
      },
    );
    await all.promise.finally(() => subscription.unsubscribe());
    expect(received).toEqual(['Deleted account', 'Deleted account', 'member.removed']);
  });

  test('name an organization until it is erased: it could be restored', async () => {
    const { id } = await ada.client.organizations.create.mutate({
      name: 'Guild of Mists',
      username: 'mists',
    });
    const { id: projectId } = await ada.client.projects.create.mutate({ name: 'Misty' });
    await ada.client.members.add.mutate({ projectId, actorId: id, role: 'viewer' });
    await ada.client.organizations.delete.mutate({ organizationId: id });
    expect(await forget(id)).toBe(0);
    const text = async () =>
      JSON.stringify(await sql('select payload from events where stream = $1', [`project:${projectId}`]));
    expect(await text()).toContain('Guild of Mists');
    await sql(`update actors set name = 'Deleted account', username = 'deleted-' || id where id = $1`, [id]);
    expect(await forget(id)).toBe(1);
    expect(await text()).not.toContain('Guild of Mists');
  });
});

describe('an actor', () => {
  const id = '01a1fce6-d405-756f-92bd-dfe5e2b19bdd';
  const now = { name: 'Deleted account', username: 'deleted-1' };

  test('is concealed wherever it is shown, and nothing else is changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const shown = { one, deep: [{ author: { id, name: 'N', username: 'n', x: other } }], id };
        expect(concealActors(shown, new Map([[id, now]]))).toEqual({
          one,
          deep: [{ author: { id, ...now, x: other } }],
          id,
        });
        expect(concealActors(shown, new Map())).toBe(shown);
      }),
    );
  });

  test('keeps keys that mean something to JavaScript', () => {
    const text = `{"__proto__":{"id":"${id}","name":"N","username":"n"},"constructor":1}`;
    expect(JSON.stringify(concealActors(JSON.parse(text), new Map([[id, now]])))).toBe(
      `{"__proto__":{"id":"${id}","name":"Deleted account","username":"deleted-1"},"constructor":1}`,
    );
  });
});
