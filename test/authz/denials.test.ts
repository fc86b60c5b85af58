import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectFrames } from '../support/collectFrames.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
let ada: Person;
let bob: Person;
let projectId: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
  projectId = (await ada.client.projects.create.mutate({ name: 'Workshop' })).id;
  await ada.client.members.add.mutate({ projectId, actorId: bob.id, role: 'viewer' });
});
afterAll(() => server.close());

interface Row {
  project_id: string | null;
  action: string;
  entity_type: string;
  entity_id: string;
  changes: {
    rule?: { new: string };
    roles: { new: string[] };
    reason: { new: string };
    count: { new: number };
  };
  via: string;
  request_id: string;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
}

const read = async (actorId: string): Promise<Row[]> =>
  (
    await server.tessera.services.reads.query<Row>(
      `select * from audit_logs where action = 'deny' and user_id = $1 order by created_at, id`,
      [actorId],
    )
  ).rows;

/** The denials of somebody, once all are written. */
async function denialsOf({ id }: Person): Promise<Row[]> {
  await server.tessera.services.denials.flush();
  return read(id);
}

const change = (sql: string, ...values: unknown[]) => server.tessera.services.reads.query(sql, values);

describe('a refused call', () => {
  test('leaves a row: who, by what, what, where, why, with which roles, from where', async () => {
    const someone = await server.person('Viewer');
    await ada.client.members.add.mutate({ projectId, actorId: someone.id, role: 'viewer' });
    const response = await fetch(`${server.url}/trpc/comments.add`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${someone.token}`,
        'content-type': 'application/json',
        'x-request-id': 'denied-1',
        'user-agent': 'a browser',
      },
      body: JSON.stringify({ json: { projectId, threadId: randomUUID(), body: 'Hello' } }),
    });
    expect(response.status).toBe(403);
    expect(await denialsOf(someone)).toEqual([
      expect.objectContaining({
        project_id: projectId,
        action: 'deny',
        entity_type: 'procedure',
        entity_id: 'comments.add',
        via: 'session',
        request_id: 'denied-1',
        ip_address: expect.stringContaining('127.0.0.1'),
        user_agent: 'a browser',
        changes: {
          reason: { new: 'noRule' },
          roles: { new: ['anonymous', 'authenticated', 'user', 'viewer'] },
          count: { new: 1 },
        },
      }),
    ]);
  });

  test('names the rule that denies it', async () => {
    const someone = await server.person('Muted');
    await ada.client.members.add.mutate({ projectId, actorId: someone.id, role: 'editor' });
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:muted', 'threads', '*', 'deny')`,
    );
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:muted', $2)`,
      `user:${someone.id}`,
      `project:${projectId}`,
    );
    expect((await failureOf(someone.client.threads.list.query({ projectId }))).code).toBe('FORBIDDEN');
    expect((await denialsOf(someone))[0]?.changes).toMatchObject({
      reason: { new: 'deniedByRule' },
      rule: { new: 'p, role:muted, threads, *, deny' },
    });
  });

  test('is told of in a project that its caller cannot see, and of one that there is not outside of any', async () => {
    const stranger = await server.person('Stranger');
    const unknown = randomUUID();
    for (const id of [projectId, unknown])
      expect((await failureOf(stranger.client.projects.get.query({ projectId: id }))).code).toBe('NOT_FOUND');
    for (const id of [projectId, unknown])
      expect((await failureOf(stranger.client.auth.permissions.query({ projectId: id }))).code).toBe(
        'NOT_FOUND',
      );
    const rows = await denialsOf(stranger);
    expect(rows.map((row) => [row.entity_id, row.project_id, row.changes.reason.new])).toEqual([
      ['projects.get', projectId, 'noRule'],
      ['projects.get', null, 'noSuchProject'],
      ['auth.permissions', projectId, 'notVisible'],
      ['auth.permissions', null, 'notVisible'],
    ]);
  });

  test('by who is suspended, by a key beyond its scopes, and of more than one holds, is told of alike', async () => {
    const someone = await server.person('Someone');
    const own = (await someone.client.projects.create.mutate({ name: 'Own' })).id;
    const { key } = await someone.client.apiKeys.create.mutate({
      name: 'narrow',
      scopes: ['members.add', 'threads.*'],
    });
    const keyed = server.connect(key);
    expect((await failureOf(keyed.jobs.list.query({ projectId: own }))).code).toBe('NOT_FOUND');
    const grant = keyed.members.add.mutate({ projectId: own, actorId: bob.id, role: 'owner' });
    expect((await failureOf(grant)).code).toBe('GRANT_EXCEEDS_OWN');
    await admin.client.actors.suspend.mutate({ actorId: someone.id });
    expect((await failureOf(someone.client.projects.list.query({}))).code).toBe('ACCOUNT_SUSPENDED');
    const rows = await denialsOf(someone);
    expect(rows.map((row) => [row.entity_id, row.via, row.project_id, row.changes.reason.new])).toEqual([
      ['jobs.list', 'api_key', own, 'keyScope'],
      ['members.add', 'api_key', own, 'exceedsOwn'],
      ['projects.list', 'session', null, 'suspended'],
    ]);
  });

  test('by a rule that is asked after the roles is told of with that rule', async () => {
    const carl = await server.person('Carl');
    await ada.client.members.add.mutate({ projectId, actorId: carl.id, role: 'editor' });
    const opened = await ada.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: 'Mine',
    });
    const { items } = await ada.client.comments.list.query({ projectId, threadId: opened.thread.id });
    const commentId = items[0]?.id ?? '';
    const edit = carl.client.comments.edit.mutate({ projectId, commentId, body: 'Not mine' });
    expect((await failureOf(edit)).code).toBe('NOT_AUTHOR');
    const remove = carl.client.threads.delete.mutate({ projectId, threadId: opened.thread.id });
    expect((await failureOf(remove)).code).toBe('NOT_AUTHOR_OR_MODERATOR');
    const { id: organizationId } = await ada.client.organizations.create.mutate({
      name: 'Guild',
      username: 'guild',
    });
    const peek = carl.client.organizations.members.query({ organizationId });
    expect((await failureOf(peek)).code).toBe('NOT_FOUND');
    const rename = carl.client.organizations.update.mutate({ organizationId, name: 'Ours' });
    expect((await failureOf(rename)).code).toBe('NOT_FOUND');
    const rows = await denialsOf(carl);
    expect(rows.map((row) => [row.entity_id, row.project_id, row.changes.reason.new])).toEqual([
      ['comments.edit', projectId, 'furtherRule'],
      ['threads.delete', projectId, 'furtherRule'],
      ['organizations.members', null, 'furtherRule'],
      ['organizations.update', null, 'furtherRule'],
    ]);
    expect(rows[0]?.changes.rule).toEqual({ new: 'Only its author edits a comment.' });
    // What is simply not there was not denied.
    await failureOf(
      carl.client.comments.edit.mutate({ projectId, commentId: randomUUID(), body: 'Nothing' }),
    );
    await failureOf(carl.client.organizations.members.query({ organizationId: randomUUID() }));
    expect(await denialsOf(carl)).toHaveLength(4);
  });

  test('of a subscription is told of like any other, over sockets and over server-sent events', async () => {
    const stranger = await server.person('Watcher');
    const frames = collectFrames((on) => stranger.client.projects.watch.subscribe({ projectId }, on));
    await expect(frames.until(() => false)).rejects.toThrow('There is no such project');
    const input = encodeURIComponent(JSON.stringify({ json: { projectId } }));
    const events = await fetch(`${server.url}/trpc/jobs.watch?input=${input}`, {
      headers: { authorization: `Bearer ${stranger.token}`, accept: 'text/event-stream' },
    });
    await events.text();
    expect((await denialsOf(stranger)).map((row) => [row.entity_id, row.project_id])).toEqual([
      ['projects.watch', projectId],
      ['jobs.watch', projectId],
    ]);
  });

  test('of nobody who is signed in, and one that fails for another reason, leaves none', async () => {
    const before = (await change(`select count(*) from audit_logs where action = 'deny'`)).rows[0];
    expect((await failureOf(server.connect().projects.list.query({}))).code).toBe('UNAUTHORIZED');
    expect((await failureOf(server.connect('nonsense').projects.get.query({ projectId }))).code).toBe(
      'UNAUTHORIZED',
    );
    expect((await failureOf(ada.client.projects.create.mutate({ name: '' }))).code).toBe('BAD_INPUT');
    expect((await failureOf(ada.client.members.leave.mutate({ projectId }))).code).toBe('LAST_OWNER');
    await server.tessera.services.denials.flush();
    expect((await change(`select count(*) from audit_logs where action = 'deny'`)).rows[0]).toEqual(before);
  });

  test('is answered while the audit log cannot be written, and told of when it can', async () => {
    const someone = await server.person('Impatient');
    const blocker = new pg.Client(server.database.connection);
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query('lock table audit_logs in share mode');
    expect((await failureOf(someone.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    expect(await read(someone.id)).toEqual([]);
    await blocker.query('commit');
    await blocker.end();
    expect(await denialsOf(someone)).toHaveLength(1);
  });

  test('is told of when the server stops before the next tick', async () => {
    const stranger = await server.person('Late');
    const beside = await startServer({ beside: server });
    const client = beside.connect(stranger.token);
    for (let calls = 0; calls < 3; calls += 1)
      expect((await failureOf(client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    await beside.close();
    const rows = await read(stranger.id);
    expect(rows.reduce((calls, row) => calls + row.changes.count.new, 0)).toBe(3);
  });
});

describe('the audit log', () => {
  test('tells the people of a project who was denied what, not by which rule or with what roles elsewhere', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Discreet' });
    const auditor = await server.person('Auditor');
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', 'role:secretive', 'threads', '*', 'deny')`,
    );
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, 'role:secretive', '*')`,
      `user:${auditor.id}`,
    );
    await ada.client.members.add.mutate({ projectId: id, actorId: auditor.id, role: 'editor' });
    expect((await failureOf(auditor.client.threads.list.query({ projectId: id }))).code).toBe('FORBIDDEN');
    await admin.client.actors.suspend.mutate({ actorId: auditor.id });
    await failureOf(auditor.client.jobs.list.query({ projectId: id }));
    await server.tessera.services.denials.flush();

    const filter = { projectId: id, action: 'deny' };
    const { items } = await ada.client.audit.list.query(filter);
    expect(items.toReversed()).toMatchObject([
      { actorId: auditor.id, entityType: 'procedure', entityId: 'threads.list' },
      { actorId: auditor.id, entityType: 'procedure', entityId: 'jobs.list' },
    ]);
    expect(items.toReversed().map(({ changes }) => changes)).toEqual([
      { reason: { new: 'deniedByRule' }, count: { new: 1 } },
      { reason: { new: 'account' }, count: { new: 1 } },
    ]);
    expect(JSON.stringify(items)).not.toContain('secretive');

    const full = (await admin.client.audit.list.query(filter)).items.toReversed();
    expect(full[0]?.changes).toMatchObject({
      rule: { new: 'p, role:secretive, threads, *, deny' },
      roles: { new: expect.arrayContaining(['secretive', 'editor']) },
    });
    expect(full[1]?.changes).toMatchObject({ reason: { new: 'suspended' } });
    // Every other line is told as before.
    const { items: added } = await ada.client.audit.list.query({
      projectId: id,
      entityType: 'project_members',
    });
    expect(added[0]?.changes).toHaveProperty('actorId');
  });

  test('of the system tells administrators what was denied outside projects, and nobody else', async () => {
    const someone = await server.person('Climber');
    expect((await failureOf(someone.client.actors.suspend.mutate({ actorId: ada.id }))).code).toBe(
      'FORBIDDEN',
    );
    expect((await failureOf(someone.client.audit.system.query({}))).code).toBe('FORBIDDEN');
    await server.tessera.services.denials.flush();
    const { items } = await admin.client.audit.system.query({ action: 'deny', actorId: someone.id });
    expect(new Set(items.map(({ entityId, projectId: place }) => `${entityId} ${place}`))).toEqual(
      new Set(['actors.suspend null', 'audit.system null']),
    );
    const suspended = await server.person('Suspended');
    await admin.client.actors.suspend.mutate({ actorId: suspended.id });
    const [line] = (await admin.client.audit.system.query({ entityType: 'actors', entityId: suspended.id }))
      .items;
    expect(line).toMatchObject({ action: 'update', actorId: admin.id });
  });

  test('of the system comes in pages, newest first, without the lines of projects', async () => {
    const seen: string[] = [];
    const moments: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof admin.client.audit.system.query>> =
        await admin.client.audit.system.query({ cursor, limit: 7 });
      seen.push(...page.items.map(({ id }) => id));
      moments.push(...page.items.map(({ createdAt }) => createdAt.getTime()));
      expect(page.items.every((item) => item.projectId === null)).toBe(true);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const { rows } = await change('select id from audit_logs where project_id is null');
    expect(seen.toSorted()).toEqual(rows.map(({ id }: { id: string }) => id).toSorted());
    expect(moments).toEqual(moments.toSorted((a, b) => b - a));
  });
});
