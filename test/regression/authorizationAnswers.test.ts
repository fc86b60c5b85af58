import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let admin: Person;
let owner: Person;
let organizationId: string;
let projectId: string;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  owner = await server.person('Owner');
  organizationId = (await owner.client.organizations.create.mutate({ name: 'Guild', username: 'guild' })).id;
  projectId = (await owner.client.projects.create.mutate({ name: 'Hidden' })).id;
  await owner.client.members.add.mutate({ projectId, actorId: organizationId, role: 'owner' });
});
afterAll(() => server.close());

const change = (sql: string, ...values: unknown[]) => server.tessera.services.reads.query(sql, values);

/** Somebody with a role held everywhere that allows no more than this, beside what everyone may. */
async function personWith(role: string, ...permissions: string[]): Promise<Person> {
  const someone = await server.person(role);
  await change(
    `insert into roles (id, name, scope) values ($1, $2, 'system') on conflict do nothing`,
    randomUUID(),
    role,
  );
  for (const permission of permissions)
    await change(
      `insert into casbin_rules (ptype, v0, v1, v2, v3) values ('p', $1, $2, $3, 'allow') on conflict do nothing`,
      `role:${role}`,
      ...permission.split('.'),
    );
  await change(
    `insert into casbin_rules (ptype, v0, v1, v2) values ('g', $1, $2, '*')`,
    `user:${someone.id}`,
    `role:${role}`,
  );
  return someone;
}

describe('a role that may suspend people, and no more', () => {
  test('is no door into organizations, nor through them into projects', async () => {
    const warden = await personWith('warden', 'actors.suspend');
    const { organizations } = warden.client;
    const attempts = [
      organizations.addMember.mutate({ organizationId, actorId: warden.id, role: 'owner' }),
      organizations.setRole.mutate({ organizationId, actorId: owner.id, role: 'member' }),
      organizations.removeMember.mutate({ organizationId, actorId: owner.id }),
      organizations.update.mutate({ organizationId, name: 'Mine' }),
      organizations.delete.mutate({ organizationId }),
      organizations.members.query({ organizationId }),
      warden.client.patternImports.openShared.mutate({ organizationId }),
    ];
    const failures = await Promise.all(attempts.map((attempt) => failureOf(attempt)));
    expect(failures.map(({ code }) => code)).toEqual(attempts.map(() => 'NOT_FOUND'));
    expect((await failureOf(warden.client.projects.get.query({ projectId }))).code).toBe('NOT_FOUND');
    // Who may do everything still sets such things right.
    const { items } = await admin.client.organizations.members.query({ organizationId });
    expect(items.map(({ actor }) => actor.id)).toEqual([owner.id]);
  });

  test('stops nobody who may do more', async () => {
    const warden = await personWith('warden', 'actors.suspend');
    const second = await server.admin();
    const suspend = (actorId: string) => warden.client.actors.suspend.mutate({ actorId });
    expect((await failureOf(suspend(second.id))).code).toBe('GRANT_EXCEEDS_OWN');
    const remove = warden.client.actors.delete.mutate({ actorId: second.id });
    expect((await failureOf(remove)).code).toBe('GRANT_EXCEEDS_OWN');
    await second.client.projects.list.query({});
    const someone = await server.person('Someone');
    expect((await suspend(someone.id)).suspendedAt).toBeInstanceOf(Date);
    const peer = await personWith('warden', 'actors.suspend');
    expect((await suspend(peer.id)).suspendedAt).toBeInstanceOf(Date);
    expect((await admin.client.actors.suspend.mutate({ actorId: second.id })).suspendedAt).toBeInstanceOf(
      Date,
    );
  });

  test('makes no administrator of everyone when the built-in role allows nothing', async () => {
    await using other = await startServer({ services: new Set(['api']) });
    const { reads } = other.tessera.services;
    const founder = await other.person('Founder');
    const { id } = await founder.client.organizations.create.mutate({ name: 'Keep', username: 'keep' });
    await reads.query(`delete from casbin_rules where ptype = 'p' and v0 = 'role:admin'`);
    const stranger = await other.person('Stranger');
    const peek = stranger.client.organizations.members.query({ organizationId: id });
    expect((await failureOf(peek)).code).toBe('NOT_FOUND');
  });
});

describe('an API key', () => {
  test('that is limited gives nobody a place in an organization', async () => {
    const { id: actorId } = await server.person('Helper');
    const { key } = await owner.client.apiKeys.create.mutate({ name: 'few', scopes: ['organizations.*'] });
    const limited = server.connect(key).organizations;
    const add = { organizationId, actorId };
    expect((await failureOf(limited.addMember.mutate(add))).code).toBe('KEY_TOO_NARROW');
    const whole = await owner.client.apiKeys.create.mutate({ name: 'all', scopes: ['*'] });
    await server.connect(whole.key).organizations.addMember.mutate(add);
    const promote = { organizationId, actorId, role: 'owner' as const };
    expect((await failureOf(limited.setRole.mutate(promote))).code).toBe('KEY_TOO_NARROW');
    await server.tessera.services.denials.flush();
    const { items } = await admin.client.audit.system.query({ action: 'deny', actorId: owner.id });
    expect(items.map(({ entityId, changes }) => [entityId, changes['reason']?.new])).toEqual([
      ['organizations.setRole', 'exceedsOwn'],
      ['organizations.addMember', 'exceedsOwn'],
    ]);
    await limited.removeMember.mutate(add);
  });
});

describe('an answer about the policy', () => {
  const asking = ['policies.explain', 'policies.whoCan', 'policies.whatCan', 'policies.export'];

  test('says nothing of the people of a project that the asker cannot see', async () => {
    const analyst = await personWith('analyst', ...asking);
    const { policies } = analyst.client;
    const place = (id: string) => [
      policies.explain.query({ actorId: owner.id, projectId: id, permission: 'jobs.cancel' }),
      policies.whoCan.query({ projectId: id, permission: 'jobs.cancel' }),
      policies.whatCan.query({ actorId: owner.id, projectId: id }),
      policies.export.query({ memberships: true, projectId: id }),
    ];
    const hidden = await Promise.all(place(projectId).map((answer) => failureOf(answer)));
    const unknown = await Promise.all(place(randomUUID()).map((answer) => failureOf(answer)));
    expect(hidden).toEqual(unknown);
    expect(new Set(hidden.map(({ code }) => code))).toEqual(new Set(['NOT_FOUND']));
    const all = await failureOf(policies.export.query({ memberships: true }));
    expect([all.code, all.message]).toEqual([
      'FORBIDDEN',
      'Your roles here do not allow projects.get in every project.',
    ]);
    // The policy itself, and projects that they see, are no secret to them.
    expect((await policies.export.query({})).policy).not.toContain(owner.id);
    const { id: open } = await owner.client.projects.create.mutate({ name: 'Open', visibility: 'public' });
    expect(await Promise.all(place(open))).toHaveLength(4);
  });

  test('is given of all projects to who may see them all, those deleted and those that are not included', async () => {
    const observer = await personWith('observer', ...asking, 'projects.get');
    const explain = async (id: string) =>
      (
        await observer.client.policies.explain.query({
          actorId: owner.id,
          projectId: id,
          permission: 'jobs.cancel',
        })
      ).reason;
    expect(await explain(projectId)).toBe('allowedByRule');
    expect(await explain(randomUUID())).toBe('noSuchProject');
    const { id: gone } = await owner.client.projects.create.mutate({ name: 'Gone' });
    await owner.client.projects.delete.mutate({ projectId: gone });
    expect(await explain(gone)).toBe('projectDeleted');
    const { policy } = await observer.client.policies.export.query({ memberships: true });
    expect(policy).toContain(`g, user:${owner.id}, role:owner, project:${projectId}`);
  });
});

describe('fixtures without end', () => {
  const source = (tests: number, permission = 'threads.list') =>
    `tests:\n${`  - { name: x, given: { roles: [viewer] }, then: { allow: [${permission}] } }\n`.repeat(tests)}`;
  const fill = (fixtures: number, tests: number) =>
    change(
      `insert into policy_fixtures (id, name, source)
       select gen_random_uuid(), 'full ' || n, $1 from generate_series(1, $2::int) as n`,
      `tests:\n${`- {name: x, then: {allow: [auth.me]}}\n`.repeat(tests)}`,
      fixtures,
    );

  test('are answered in numbers, with no more of them than somebody reads', async () => {
    const failing = await admin.client.policies.test.mutate({ source: source(600, 'comments.add') });
    expect(failing).toMatchObject({ passed: 0, failed: 600, isTruncated: true });
    expect(failing.results.map(({ line }) => line)).toEqual(Array.from({ length: 200 }, (_, n) => n + 2));
    const holding = await admin.client.policies.test.mutate({ source: source(700) });
    expect(holding).toMatchObject({ passed: 700, failed: 0, isTruncated: false });
    await fill(2, 600);
    const whole = await admin.client.policies.test.mutate({});
    expect(whole).toMatchObject({ passed: 1200, failed: 0, isTruncated: true });
    expect(whole.results).toHaveLength(1000);
    await change('delete from policy_fixtures');
  });

  test('are refused where they stand twice, are too many in one, or too many in all', async () => {
    const put = (text: string) => admin.client.policies.putFixture.mutate({ name: 'fat', source: text });
    const twice = 'tests:\n  - name: x\n    then:\n      allow:\n        - auth.me\n        - auth.me\n';
    const double = await failureOf(put(twice));
    expect([double.code, double.message]).toEqual([
      'BAD_FIXTURE',
      expect.stringContaining('line 6: "auth.me" stands in this test twice'),
    ]);
    await fill(13, 1500);
    const beyond = await failureOf(put(source(501)));
    expect([beyond.code, beyond.message]).toEqual([
      'TOO_MANY_EXPECTATIONS',
      expect.stringContaining('would hold 20001 expectations, more than the 20000'),
    ]);
    await put(source(500));
    // In place of what it replaces, not beside it.
    await put(source(499));
  });

  test('leave their turn to other calls, also when many are asked for at once', async () => {
    const names = await change('select count(*) from policy_fixtures');
    expect(Number(names.rows[0]?.['count'])).toBe(14);
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 4 }, () => admin.client.policies.test.mutate({})));
    const whole = performance.now() - began;
    clearInterval(beat);
    expect(answers.map(({ passed }) => passed)).toEqual([19_999, 19_999, 19_999, 19_999]);
    // One pause is that of a fixture, not of all of them.
    expect(longest).toBeLessThan(whole / 4);
  });
});
