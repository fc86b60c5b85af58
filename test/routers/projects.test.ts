import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomUUID } from 'node:crypto';
import { failureOf } from '../support/failure.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';

let server: TestServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  server = await startServer();
  ada = await server.person('Ada');
  bob = await server.person('Bob');
});
afterAll(() => server.close());

describe('projects', () => {
  test('whoever makes a project owns it, and finds it in their list alone', async () => {
    const project = await ada.client.projects.create.mutate({ name: 'Lamp of Alexandria' });
    expect(project).toMatchObject({
      identifier: 'lamp-of-alexandria',
      ownerId: ada.id,
      visibility: 'private',
      version: 1,
    });
    expect((await ada.client.projects.list.query({})).items.map((item) => item.id)).toContain(project.id);
    expect((await bob.client.projects.list.query({})).items.map((item) => item.id)).not.toContain(project.id);
    const members = await ada.client.members.list.query({ projectId: project.id });
    expect(members.items).toMatchObject([{ actor: { id: ada.id }, role: 'owner' }]);
  });

  test('the second project of a name gets the next free identifier', async () => {
    const first = await ada.client.projects.create.mutate({ name: 'Twin' });
    const second = await bob.client.projects.create.mutate({ name: 'Twin' });
    expect([first.identifier, second.identifier]).toEqual(['twin', 'twin-2']);
    const failure = await failureOf(bob.client.projects.create.mutate({ name: 'Other', identifier: 'twin' }));
    expect(failure).toMatchObject({ code: 'IDENTIFIER_TAKEN', message: 'The identifier twin is taken.' });
  });

  test('a private project that one is no member of does not exist for them', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Hidden' });
    const known = await failureOf(bob.client.projects.get.query({ projectId: id }));
    const unknown = await failureOf(bob.client.projects.get.query({ projectId: randomUUID() }));
    expect(known).toEqual(unknown);
    expect(known.code).toBe('NOT_FOUND');
    expect((await failureOf(server.connect().projects.get.query({ projectId: id }))).code).toBe(
      'UNAUTHORIZED',
    );
  });

  test('a public project can be read and found by everyone signed in, and changed by none of them', async () => {
    const { id, identifier } = await ada.client.projects.create.mutate({
      name: 'Open garden',
      visibility: 'public',
    });
    expect((await bob.client.projects.get.query({ projectId: id })).name).toBe('Open garden');
    expect(
      (await bob.client.projects.search.query({ text: identifier })).items.map((item) => item.id),
    ).toEqual([id]);
    expect((await failureOf(bob.client.projects.update.mutate({ projectId: id, name: 'Mine' }))).code).toBe(
      'FORBIDDEN',
    );
    expect((await failureOf(bob.client.members.list.query({ projectId: id }))).code).toBe('FORBIDDEN');
    await ada.client.projects.update.mutate({ projectId: id, visibility: 'private' });
    expect((await failureOf(bob.client.projects.get.query({ projectId: id }))).code).toBe('NOT_FOUND');
  });

  test('an edit based on an old version is refused and changes nothing', async () => {
    const { id, version } = await ada.client.projects.create.mutate({ name: 'Draft' });
    const changed = await ada.client.projects.update.mutate({ projectId: id, name: 'Second draft', version });
    expect(changed.version).toBe(version + 1);
    const failure = await failureOf(
      ada.client.projects.update.mutate({ projectId: id, name: 'Lost update', version }),
    );
    expect(failure.code).toBe('VERSION_CLASH');
    expect((await ada.client.projects.get.query({ projectId: id })).name).toBe('Second draft');
  });

  test('a deleted project is out of reach until its owner restores it, and its identifier is free meanwhile', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Phoenix' });
    await ada.client.projects.delete.mutate({ projectId: id });
    expect((await failureOf(ada.client.projects.get.query({ projectId: id }))).code).toBe('NOT_FOUND');
    const other = await bob.client.projects.create.mutate({ name: 'Phoenix' });
    expect(other.identifier).toBe('phoenix');
    expect((await failureOf(ada.client.projects.restore.mutate({ projectId: id }))).code).toBe(
      'IDENTIFIER_TAKEN',
    );
    await bob.client.projects.delete.mutate({ projectId: other.id });
    const deleted = async ({ client }: Person) => (await client.projects.list.query({ deleted: true })).items;
    expect(await deleted(ada)).toMatchObject([{ id }]);
    expect(await deleted(bob)).toMatchObject([{ id: other.id }]);
    await ada.client.projects.restore.mutate({ projectId: id });
    expect((await ada.client.projects.get.query({ projectId: id })).name).toBe('Phoenix');
    expect(await deleted(ada)).toEqual([]);
  });

  test('a retried mutation acts once and answers the same; another call under its id is refused', async () => {
    const mutationId = randomUUID();
    const first = await ada.client.projects.create.mutate({ name: 'Once', mutationId });
    const again = await ada.client.projects.create.mutate({ name: 'Once', mutationId });
    expect(again).toEqual(first);
    expect((await failureOf(ada.client.projects.create.mutate({ name: 'Twice', mutationId }))).code).toBe(
      'MUTATION_ID_REUSED',
    );
  });

  test('the same mutation fifty times at once makes one project', async () => {
    const mutationId = randomUUID();
    const calls = Array.from({ length: 50 }, () =>
      server.connect(ada.token).projects.create.mutate({ name: 'Crowd', mutationId }),
    );
    const ids = new Set((await Promise.all(calls)).map((project) => project.id));
    expect(ids.size).toBe(1);
    expect((await ada.client.projects.search.query({ text: 'crowd' })).items).toHaveLength(1);
  });

  test('a client-made id is kept, and one that is taken is a conflict', async () => {
    const id = randomUUID();
    expect((await ada.client.projects.create.mutate({ id, name: 'Own id' })).id).toBe(id);
    expect((await failureOf(bob.client.projects.create.mutate({ id, name: 'Same id' }))).code).toBe(
      'ID_TAKEN',
    );
  });

  test('bad input names every field at fault', async () => {
    const failure = await failureOf(
      ada.client.projects.create.mutate({
        name: ' ',
        identifier: 'Not A Slug',
        homepage: 'javascript:alert(1)',
        sourceLanguage: 'x',
      }),
    );
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields).toSorted()).toEqual([
      'homepage',
      'identifier',
      'name',
      'sourceLanguage',
    ]);
  });

  test.each([
    'http://example.org/x.git',
    'https://user:secret@example.org/x.git',
    'ssh://example.org/x',
    'ext::sh -c id',
    '--upload-pack=id',
  ])('the repository URL %s is refused', async (repositoryUrl) => {
    const failure = await failureOf(ada.client.projects.create.mutate({ name: 'Bad', repositoryUrl }));
    expect(failure.code).toBe('REPOSITORY_URL_REFUSED');
    expect(failure.message).not.toContain('secret');
  });

  test('pages follow one another without a gap, however long the list', async () => {
    const someone = await server.person('Pager');
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1)
      made.push((await someone.client.projects.create.mutate({ name: `Page ${index}` })).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } =
        await someone.client.projects.list.query({ cursor, limit: 3 });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
    expect((await failureOf(someone.client.projects.list.query({ cursor: 'not-a-cursor' }))).code).toBe(
      'CURSOR_INVALID',
    );
  });

  test('every change is in the audit log, with old and new values and who made it', async () => {
    const { id } = await ada.client.projects.create.mutate({ name: 'Before' });
    await ada.client.projects.update.mutate({ projectId: id, name: 'After' });
    const { items } = await ada.client.audit.list.query({ projectId: id, entityType: 'projects' });
    expect(items).toMatchObject([
      {
        action: 'update',
        actorId: ada.id,
        via: 'session',
        changes: { name: { old: 'Before', new: 'After' } },
      },
      { action: 'create', actorId: ada.id, changes: { name: { new: 'Before' } } },
    ]);
  });
});
