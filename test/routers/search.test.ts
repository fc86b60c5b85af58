import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authorizer } from '../../src/authz/Authorizer.ts';
import { hashTokenAsText } from '../../src/domain/identity/secrets.ts';
import { runSearch } from '../../src/views/sql/search/runSearch.ts';
import { type SearchKindName, searchKindNames, searchKinds } from '../../src/views/sql/search/searchKinds.ts';
import { type World, storeWorld, worldPlan } from '../authz/randomWorld.ts';
import { failureOf } from '../support/failure.ts';
import { insertRows } from '../support/insertRows.ts';
import { type Person, type TestServer, startServer } from '../support/server.ts';
import { inDays } from '../support/workWorld.ts';

describe('search.query', () => {
  let server: TestServer;
  let ada: Person;
  let eve: Person;
  let projectId: string;
  beforeAll(async () => {
    server = await startServer();
    ada = await server.person('Ada');
    eve = await server.person('Eve');
    projectId = (await ada.client.projects.create.mutate({ name: 'Museum' })).id;
  });
  afterAll(() => server.close());

  const field = (name: string, more: { identifier?: string; description?: string } = {}) =>
    ada.client.fields.create.mutate({ projectId, name, ...more });

  test('puts what is identified so first, then names that begin so, then texts, where names weigh more', async () => {
    const inText = await field('Zinnia', { description: 'Opposite of an amphora.' });
    const inName = await field('Handle of an amphora');
    const longer = await field('Amphora with two handles');
    const begins = await field('Amphora stand');
    const exact = await field('A vessel', { identifier: 'amphora' });
    const { items, found, nextCursor } = await ada.client.search.query.query({ text: 'Amphora' });
    expect(items.map(({ id, match }) => [id, match])).toEqual([
      [exact.id, 'identifier'],
      [begins.id, 'name'],
      [longer.id, 'name'],
      [inName.id, 'text'],
      [inText.id, 'text'],
    ]);
    expect(found).toEqual({ field: 5 });
    expect(nextCursor).toBeNull();
    expect(items[0]).toMatchObject({
      kind: 'field',
      project: { id: projectId, name: 'Museum' },
      identifier: 'amphora',
    });
  });

  test('tells what was probably meant by misspelt words, but only where nothing was found', async () => {
    const meant = await field('Krater of bronze');
    for (const text of ['Krtaer', 'bornze', 'kratter', 'of krater bronce']) {
      const { items } = await ada.client.search.query.query({ text });
      expect(
        items.map(({ id, match }) => [id, match]),
        text,
      ).toEqual([[meant.id, 'similar']]);
    }
    const right = await ada.client.search.query.query({ text: 'krater' });
    expect(right.items.map(({ match }) => match)).toEqual(['name']);
    await ada.client.fields.update.mutate({ projectId, fieldId: meant.id, name: 'Lekythos' });
    const renamed = await ada.client.search.query.query({ text: 'Lekytsoh' });
    expect(renamed.items.map(({ id }) => id)).toEqual([meant.id]);
  });

  test('finds every kind of row by its words, and leaves out what was deleted', async () => {
    const { client } = ada;
    const word = 'quaternary';
    const name = `A ${word} thing`;
    const { id: inProject } = await client.projects.create.mutate({ name });
    const at = { projectId: inProject };
    await field(name);
    await client.models.create.mutate({ ...at, name });
    await client.collections.create.mutate({ ...at, name });
    await client.categories.create.mutate({ ...at, name });
    const ontology = await client.ontologies.create.mutate({ ...at, name });
    await client.ontologies.addClass.mutate({ ...at, ontologyId: ontology.id, name, uri: 'urn:thing' });
    const vocabulary = await client.vocabularies.create.mutate({ ...at, name });
    await client.vocabularies.addTerm.mutate({ ...at, vocabularyId: vocabulary.id, name });
    const issue = await client.issues.create.mutate({ ...at, title: name });
    await client.tasks.create.mutate({ ...at, title: name });
    await client.milestones.create.mutate({ ...at, title: name, startAt: inDays(0), endAt: inDays(9) });
    const { thread } = await client.threads.create.mutate({
      ...at,
      subjectType: 'issue',
      subjectId: issue.id,
      title: name,
      body: `I mean the ${word} one.`,
    });
    const manifestId = randomUUID();
    await insertRows(server.tessera.services.reads, 'project_manifests', [
      {
        id: manifestId,
        project_id: inProject,
        version: 1,
        data: { files: {} },
        hash: 'x',
        commit_sha: 'x',
        ref: 'main',
        file_count: 0,
      },
    ]);
    const file = { project_id: inProject, content_hash: 'x', last_seen_at: new Date().toISOString() };
    await insertRows(server.tessera.services.reads, 'source_files', [
      { ...file, id: randomUUID(), manifest_id: manifestId, file_path: `docs/${word}.md` },
      { ...file, id: randomUUID(), manifest_id: randomUUID(), file_path: `docs/old-${word}.md` },
    ]);
    const { items, found } = await client.search.query.query({ text: word });
    expect(found).toEqual(Object.fromEntries(searchKindNames.map((kind) => [kind, 1])));
    expect(items.map(({ kind }) => kind).toSorted()).toEqual(searchKindNames.toSorted());
    expect(items.find(({ kind }) => kind === 'comment')?.parentId).toBe(thread.id);

    const some = await client.search.query.query({ text: word, kinds: ['model', 'task'] });
    expect(some.items.map(({ kind }) => kind).toSorted()).toEqual(['model', 'task']);
    const here = await client.search.query.query({ text: word, projectId });
    expect(here.items.map(({ kind }) => kind)).toEqual(['field']);
    for (const text of ['#1', '1']) {
      const numbered = await client.search.query.query({ text, projectId: inProject, kinds: ['issue'] });
      expect(numbered.items.map(({ id, match }) => [id, match])).toEqual([[issue.id, 'identifier']]);
    }
    await client.issues.delete.mutate({ ...at, issueId: issue.id });
    expect((await client.search.query.query({ text: word })).found).not.toHaveProperty('issue');
    await client.projects.delete.mutate(at);
    expect((await client.search.query.query({ text: word })).found).toEqual({ field: 1 });
  });

  test("never finds, counts or suggests another tenant's rows", async () => {
    await field('Secret pyxis');
    for (const text of ['pyxis', 'Secret', 'secret-pyxis', 'pyxsi', 'Museum'])
      expect(await eve.client.search.query.query({ text })).toEqual({
        items: [],
        nextCursor: null,
        found: {},
      });
    const { projectId: _, ...unknown } = { projectId, text: 'pyxis' };
    expect(await eve.client.search.query.query({ ...unknown, projectId })).toMatchObject({
      items: [],
      found: {},
    });
    await ada.client.members.add.mutate({ projectId, actorId: eve.id, role: 'viewer' });
    expect((await eve.client.search.query.query({ text: 'pyxsi' })).items).toHaveLength(1);
    await ada.client.members.remove.mutate({ projectId, actorId: eve.id });
    expect((await eve.client.search.query.query({ text: 'pyxis' })).items).toEqual([]);
  });

  test('takes any text, and never fails', async () => {
    await field(`The "dog's" dinner & <more> | less`, { description: String.raw`100% of a_b \ c` });
    const texts = [
      '', ' ', `'`, '"', '&', '|', '!', ':*', `'"&|!:*`, '!!!', '((', ')', '\\', '%', '_', "dog's", `"dog's"`, 'the', 'and or not',
      '-dinner', 'a:*', '<->', 'x <2> y', '\0', 'din\0ner', '\ud800', '😀', '\u202e', '\n\t', "'; drop table fields; --",
      'é'.repeat(300), 'x'.repeat(10_000), `'"&|!:*`.repeat(1_500), 'word '.repeat(2_000), '$1', '{}', '00000000-0000-0000-0000-000000000000',
    ]; // prettier-ignore
    for (const text of texts) {
      const answer = await ada.client.search.query.query({ text });
      expect(Array.isArray(answer.items), JSON.stringify(text.slice(0, 20))).toBe(true);
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
        expect((await ada.client.search.query.query({ text })).items.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
    expect((await ada.client.search.query.query({ text: "dog's dinner" })).items).toHaveLength(1);
    expect((await ada.client.search.query.query({ text: '100%' })).items.map(({ match }) => match)).toEqual([
      'text',
    ]);
    expect((await ada.client.search.query.query({ text: '%' })).items).toEqual([]);
  });

  test('pages through everything once, best first', async () => {
    const { id: many } = await ada.client.projects.create.mutate({ name: 'Pages' });
    const rows = Array.from({ length: 23 }, (_, index) => ({
      id: randomUUID(),
      project_id: many,
      name: index % 3 === 0 ? `Tessellation ${index}` : `Some ${index}`,
      identifier: index === 7 ? 'tessellation' : `page-${index}`,
      description: index % 2 === 0 ? 'tessellation' : 'a tessellation, or another tessellation',
    }));
    await insertRows(server.tessera.services.reads, 'fields', rows);
    const all = await ada.client.search.query.query({ text: 'tessellation', limit: 200 });
    expect(all.items).toHaveLength(23);
    const read: typeof all.items = [];
    let cursor: string | null = null;
    do {
      const page: typeof all = await ada.client.search.query.query({
        text: 'tessellation',
        limit: 5,
        cursor,
      });
      expect(page.found).toEqual({ field: 23 });
      read.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    expect(read).toEqual(all.items);
    const similar = await ada.client.search.query.query({ text: 'tesselation', limit: 5 });
    expect(similar.items.map(({ match }) => match)).toEqual(Array.from({ length: 5 }, () => 'similar'));
    const next = await ada.client.search.query.query({
      text: 'tesselation',
      limit: 200,
      cursor: similar.nextCursor,
    });
    const ids = [...similar.items, ...next.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(23);
    expect((await failureOf(ada.client.search.query.query({ text: 'x', cursor: 'nonsense' }))).code).toBe(
      'CURSOR_INVALID',
    );
  });
});

describe('on every policy and world', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const kinds = ['project', 'field', 'issue', 'thread', 'comment'] as const satisfies SearchKindName[];

  /** One row of each kind in each project, all with the same word. @returns kind → project → the row's id. */
  async function fill(world: World, word: string): Promise<Map<SearchKindName, Map<string, string>>> {
    const { reads } = server.tessera.services;
    const ids = new Map<SearchKindName, Map<string, string>>(
      kinds.map((kind) => [
        kind,
        new Map(world.projects.map(({ id }) => [id, kind === 'project' ? id : randomUUID()])),
      ]),
    );
    const of = (kind: SearchKindName, project: string) => ids.get(kind)?.get(project);
    const each = (row: (id: string) => Record<string, unknown>) => world.projects.map(({ id }) => row(id));
    for (const { id } of world.projects)
      await reads.query('update projects set name = $2 where id = $1', [id, word]);
    await insertRows(
      reads,
      'fields',
      each((id) => ({ id: of('field', id), project_id: id, name: word, identifier: 'f' })),
    );
    await insertRows(
      reads,
      'issues',
      each((id) => ({ id: of('issue', id), project_id: id, number: 1, title: word })),
    );
    await insertRows(
      reads,
      'comment_threads',
      each((id) => ({
        id: of('thread', id),
        project_id: id,
        title: word,
        subject_type: 'project',
        subject_id: id,
      })),
    );
    await insertRows(
      reads,
      'comments',
      each((id) => ({ id: of('comment', id), thread_id: of('thread', id), body: word })),
    );
    return ids;
  }

  test('what is found, counted and suggested is exactly what the same caller may list', async () => {
    const { reads } = server.tessera.services;
    const authorizer = new Authorizer(reads, { sessionIdleDays: 30 });
    const seen = { found: 0, hidden: 0 };
    let round = 0;
    await fc.assert(
      fc.asyncProperty(worldPlan, async (plan) => {
        const world = await storeWorld(reads, plan);
        round += 1;
        const word = `qwertz${'abcdefghijklmnopqrstuvwxyz'[round % 26] ?? ''}${round}`.replaceAll(
          /\d/g,
          (digit) => 'bcdfghjklm'[Number(digit)] ?? '',
        );
        const ids = await fill(world, word);
        const tokens = [
          null,
          ...world.people.flatMap(({ token, key }) => [hashTokenAsText(token), hashTokenAsText(key.secret)]),
        ];
        for (const tokenHash of tokens) {
          const outside = await authorizer.access(tokenHash, null);
          const inside = await Promise.all(world.projects.map(({ id }) => authorizer.access(tokenHash, id)));
          const expected = kinds.flatMap((kind) =>
            inside.flatMap((access) => {
              const isAllowed = access.can(searchKinds[kind].permission);
              seen[isAllowed ? 'found' : 'hidden'] += 1;
              return isAllowed ? [`${kind} ${ids.get(kind)?.get(access.projectId ?? '')}`] : [];
            }),
          );
          const searcher = { reads, scopeOf: (permission: string) => outside.projectsWhere(permission) };
          const { items, found } = await runSearch(searcher, { text: word, kinds, limit: 100 });
          expect(items.map(({ kind, id }) => `${kind} ${id}`).toSorted()).toEqual(expected.toSorted());
          expect(Object.values(found).reduce((sum, count) => sum + count, 0)).toBe(expected.length);
          // Comments have no name that could be misspelt.
          const misspelt = `${word.slice(0, 2)}x${word.slice(2)}`;
          const similar = await runSearch(searcher, { text: misspelt, kinds, limit: 100 });
          expect(
            similar.items.map(({ kind, id }) => `${kind} ${id}`).filter((one) => !expected.includes(one)),
          ).toEqual([]);
          expect(similar.items.every(({ match }) => match === 'similar')).toBe(true);
          if (expected.some((one) => !one.startsWith('comment'))) expect(similar.items).not.toEqual([]);
        }
      }),
      { numRuns: 12 },
    );
    expect(seen.found).toBeGreaterThan(100);
    expect(seen.hidden).toBeGreaterThan(100);
  });
});
