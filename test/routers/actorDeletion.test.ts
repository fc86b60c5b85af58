import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemCause, transact } from '../../src/database/transaction.ts';
import { findPayer } from '../../src/domain/credits/sql/findPayer.ts';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
let admin: Person;

beforeAll(async () => {
  server = await startServer();
  [ada, admin] = [await server.person('Ada'), await server.admin()];
});
afterAll(() => server.close());

async function makeProject(owner: Person, name: string, members: [Person, string][] = []): Promise<string> {
  const { id: projectId } = await owner.client.projects.create.mutate({ name });
  for (const [person, role] of members)
    await owner.client.members.add.mutate({ projectId, actorId: person.id, role });
  return projectId;
}
const remove = (person: Person) => person.client.actors.delete.mutate({ password: person.password });

describe('the deletion of an account', () => {
  test('replaces all that tells who they were, and ends every credential', async () => {
    const { reads } = server.tessera.services;
    const grace = await server.person('Grace');
    const { key } = await grace.client.apiKeys.create.mutate({ name: 'grace’s laptop', scopes: ['*'] });
    await grace.client.actors.update.mutate({
      orcid: '0000-0002-1825-0097',
      metadata: { town: 'Arlington' },
    });
    const deleted = await remove(grace);
    expect(deleted).toEqual({
      id: grace.id,
      name: 'Deleted account',
      username: `deleted-${grace.id.replaceAll('-', '').slice(-16)}`,
      actorType: 'person',
    });
    expect((await failureOf(server.connect(grace.token).auth.me.query())).code).toBe('UNAUTHORIZED');
    expect((await failureOf(server.connect(key).projects.list.query())).code).toBe('UNAUTHORIZED');
    const { email, password, username } = grace;
    expect((await failureOf(server.connect().auth.login.mutate({ email, password }))).code).toBe(
      'BAD_CREDENTIALS',
    );
    expect((await failureOf(ada.client.actors.get.query({ actorId: grace.id }))).code).toBe('NOT_FOUND');
    expect((await ada.client.actors.search.query({ text: username })).items).toEqual([]);
    const tables = [
      'actors',
      'sessions',
      'api_keys',
      'email_tokens',
      'notifications',
      'notification_preferences',
    ];
    for (const table of tables) {
      const { rows } = await reads.query<{ row: string }>(`select t::text as row from ${table} t`);
      const all = rows.map(({ row }) => row).join('\n');
      for (const word of [username, email, 'Arlington', '0000-0002-1825-0097', 'laptop'])
        expect(all).not.toContain(word);
    }
    const { rows: audited } = await reads.query<{ changes: object }>(
      `select changes from audit_logs where entity_type = 'actors' and entity_id = $1 and action = 'delete'`,
      [grace.id],
    );
    expect(audited).toEqual([{ changes: {} }]);
  });

  test('frees address and username for somebody else, who is not them', async () => {
    const former = await server.person('Former');
    await remove(former);
    const { username, email, password } = former;
    const { actor } = await server
      .connect()
      .auth.register.mutate({ name: 'Next', username, email, password });
    expect(actor.id).not.toBe(former.id);
  });

  test('keeps what they wrote, under a neutral name, also in what others were told', async () => {
    const writer = await server.person('Writer Woolf');
    const projectId = await makeProject(ada, 'Letters', [[writer, 'editor']]);
    const { thread } = await writer.client.threads.create.mutate({
      projectId,
      subjectType: 'project',
      subjectId: projectId,
      body: `Dear @${ada.username}, shall we begin?`,
    });
    await ada.client.comments.add.mutate({
      projectId,
      threadId: thread.id,
      body: `Yes, @${writer.username}.`,
    });
    const titles = async () =>
      (await ada.client.notifications.list.query()).items
        .filter((of) => of.projectId === projectId)
        .map(({ title }) => title);
    await expect.poll(titles).toEqual(['Writer Woolf mentioned you']);
    await remove(writer);
    const { items } = await ada.client.comments.list.query({ projectId, threadId: thread.id });
    expect(items.map(({ author, body }) => [author?.name, body])).toEqual([
      ['Deleted account', `Dear @${ada.username}, shall we begin?`],
      ['Ada', `Yes, @${writer.username}.`],
    ]);
    expect(await titles()).toEqual(['Deleted account mentioned you']);
    const { reads } = server.tessera.services;
    for (const [table, column] of [
      ['comment_mentions', 'actor_id'],
      ['thread_subscriptions', 'actor_id'],
      ['project_members', 'actor_id'],
      ['watches', 'user_id'],
    ])
      expect((await reads.query(`select from ${table} where ${column} = $1`, [writer.id])).rowCount).toBe(0);
    const { rows } = await reads.query('select from casbin_rules where v0 = $1', [`user:${writer.id}`]);
    expect(rows).toEqual([]);
  });

  test('is refused while they alone own something, which it names', async () => {
    const owner = await server.person('Owner');
    const alone = await makeProject(owner, 'Mine alone');
    const shared = await makeProject(owner, 'Shared', [[ada, 'owner']]);
    const guild = await owner.client.organizations.create.mutate({
      name: 'Guild',
      username: `g${owner.username}`,
    });
    expect(await failureOf(remove(owner))).toMatchObject({
      code: 'OWNS_PROJECTS_ALONE',
      message:
        'The account is the only owner of the project(s) “Mine alone” and the organization(s) “Guild”.',
      details: {
        projects: [{ id: alone, name: 'Mine alone' }],
        organizations: [{ id: guild.id, name: 'Guild' }],
      },
    });
    expect((await owner.client.auth.me.query()).email).toBe(owner.email);
    await owner.client.organizations.delete.mutate({ organizationId: guild.id });
    await owner.client.projects.delete.mutate({ projectId: alone });
    await remove(owner);
    expect(await ada.client.projects.get.query({ projectId: shared })).toMatchObject({ ownerId: ada.id });
    const { items } = await ada.client.members.list.query({ projectId: shared });
    expect(items.map(({ actor }) => actor.id)).toEqual([ada.id]);
  });

  test('passes what others own too to who has been its owner for longest, who pays from then on and is told', async () => {
    const [founder, heir, later] = [
      await server.person('Founder'),
      await server.person('Heir'),
      await server.person('Later'),
    ];
    const projectId = await makeProject(founder, 'Heirloom', [
      [heir, 'owner'],
      [later, 'owner'],
    ]);
    await remove(founder);
    expect(await later.client.projects.get.query({ projectId })).toMatchObject({ ownerId: heir.id });
    const told = async ({ client }: Person) =>
      (await client.notifications.list.query()).items.filter(({ type }) => type === 'project.inherited');
    expect(await told(later)).toEqual([]);
    expect(await told(heir)).toMatchObject([
      {
        title: 'The project “Heirloom” passed to you',
        message:
          'The account that owned it was deleted. Its jobs are charged to you from now on; you may offer the project to somebody else.',
        subject: `project:${projectId}`,
        payload: { projectId, ownerId: heir.id },
      },
    ]);
    const { services } = server.tessera;
    await transact(services.orm, systemCause, async (em) => {
      expect(await findPayer(em, projectId)).toBe(heir.id);
    });
  });

  test('of two owners at once leaves one of them', async () => {
    const [one, two] = [await server.person('One'), await server.person('Two')];
    const projectId = await makeProject(one, 'Both', [[two, 'owner']]);
    const outcomes = await Promise.allSettled([remove(one), remove(two)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const { reads } = server.tessera.services;
    const { rowCount } = await reads.query(
      `select from project_members m join actors a on a.id = m.actor_id where m.project_id = $1 and a.deleted_at is null`,
      [projectId],
    );
    expect(rowCount).toBe(1);
  });

  test('takes the password of who deletes their own account', async () => {
    const careful = await server.person('Careful');
    const { delete: mutation } = careful.client.actors;
    expect((await failureOf(mutation.mutate({}))).fields).toEqual({
      password: 'must be given to delete your account',
    });
    expect((await failureOf(mutation.mutate({ password: 'a wrong password' }))).code).toBe('WRONG_PASSWORD');
    expect((await careful.client.auth.me.query()).id).toBe(careful.id);
  });

  test('of somebody else is for administrators, of whom the last one stays', async () => {
    const someone = await server.person('Someone');
    expect((await failureOf(ada.client.actors.delete.mutate({ actorId: someone.id }))).code).toBe(
      'FORBIDDEN',
    );
    expect(await admin.client.actors.delete.mutate({ actorId: someone.id })).toMatchObject({
      id: someone.id,
      name: 'Deleted account',
    });
    expect((await failureOf(admin.client.actors.delete.mutate({ actorId: someone.id }))).code).toBe(
      'NOT_FOUND',
    );
    expect((await failureOf(remove(admin))).code).toBe('LAST_ADMIN');
    const second = await server.admin();
    await remove(second);
    expect((await admin.client.auth.me.query()).systemRoles).toContain('admin');
  });
});
