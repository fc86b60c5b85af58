import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { type PatternWorld, makePatternWorld } from '../../support/patternWorld.ts';
import type { Person } from '../../support/server.ts';

let world: PatternWorld;
let ada: Person;

beforeAll(async () => {
  world = await makePatternWorld();
  ({ ada } = world);
});
afterAll(() => world.server.close());

describe('categories', () => {
  const make = async (projectId: string, name: string, parentId?: string) =>
    (await ada.client.categories.create.mutate({ projectId, name, parentId })).id;

  test('are a tree: each knows the way from its root, and moves with all below it', async () => {
    const projectId = await world.makeProject();
    const a = await make(projectId, 'A');
    const b = await make(projectId, 'B', a);
    const c = await make(projectId, 'C', b);
    const path = async () =>
      (await ada.client.categories.get.query({ projectId, categoryId: c })).path.map((step) => step.name);
    expect(await path()).toEqual(['A', 'B']);
    const list = async (parentId: string | null) =>
      (await ada.client.categories.list.query({ projectId, parentId })).items.map((item) => item.id);
    expect([await list(null), await list(a), await list(c)]).toEqual([[a], [b], []]);
    const before = new Date();
    const d = await make(projectId, 'D');
    await ada.client.categories.update.mutate({ projectId, categoryId: b, parentId: d });
    expect(await path()).toEqual(['D', 'B']);
    await ada.client.categories.update.mutate({ projectId, categoryId: b, parentId: null });
    expect(await path()).toEqual(['B']);
    const then = await ada.client.categories.get.query({ projectId, categoryId: c, asOf: before });
    expect(then.path.map((step) => step.name)).toEqual(['A', 'B']);
  });

  test('never stand below themselves, and the refusal names the circle', async () => {
    const projectId = await world.makeProject();
    const a = await make(projectId, 'A');
    const b = await make(projectId, 'B', a);
    const c = await make(projectId, 'C', b);
    const move = (categoryId: string, parentId: string) =>
      failureOf(ada.client.categories.update.mutate({ projectId, categoryId, parentId }));
    expect(await move(a, c)).toMatchObject({
      code: 'TREE_CYCLE',
      message: 'The category A cannot stand below itself: A < C < B < A.',
    });
    expect((await move(a, a)).message).toBe('The category A cannot stand below itself: A < A.');
    const other = await make(await world.makeProject(), 'Other');
    expect((await move(a, other)).code).toBe('NOT_FOUND');
  });

  test('moved below each other by two at once do not close a circle', async () => {
    const projectId = await world.makeProject();
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await make(projectId, 'A'), await make(projectId, 'B')];
      const moves = await Promise.allSettled([
        ada.client.categories.update.mutate({ projectId, categoryId: a, parentId: b }),
        ada.client.categories.update.mutate({ projectId, categoryId: b, parentId: a }),
      ]);
      expect(moves.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  test('as deep as one likes still know their way', async () => {
    const projectId = await world.makeProject();
    await world.server.tessera.services.reads.query(
      `with made as (select n, gen_random_uuid() as id from generate_series(1, 2000) n)
       insert into categories (id, project_id, parent_id, name, identifier)
       select m.id, $1, p.id, 'level ' || m.n, 'level-' || m.n from made m left join made p on p.n = m.n - 1`,
      [projectId],
    );
    const [deepest] = (
      await world.server.tessera.services.reads.query<{ id: string }>(
        `select id from categories where project_id = $1 and name = 'level 2000'`,
        [projectId],
      )
    ).rows;
    const { path } = await ada.client.categories.get.query({ projectId, categoryId: deepest!.id });
    expect(path).toHaveLength(1999);
    expect([path[0]?.name, path.at(-1)?.name]).toEqual(['level 1', 'level 1999']);
  });

  test('in use are not deleted, and come back only below a parent that is there', async () => {
    const projectId = await world.makeProject();
    const a = await make(projectId, 'A');
    const b = await make(projectId, 'B', a);
    const { id: fieldId } = await ada.client.fields.create.mutate({ projectId, name: 'F', categoryId: b });
    const remove = (categoryId: string) => ada.client.categories.delete.mutate({ projectId, categoryId });
    expect(await failureOf(remove(a))).toMatchObject({
      code: 'PATTERN_IN_USE',
      message: 'The category A is in use by the category B.',
    });
    expect((await failureOf(remove(b))).message).toBe('The category B is in use by the field F.');
    const uses = async (categoryId: string) =>
      (await ada.client.categories.whereUsed.query({ projectId, categoryId })).items.map((use) => [
        use.relation,
        use.kind,
        use.id,
      ]);
    expect([await uses(a), await uses(b)]).toEqual([
      [['parent', 'category', b]],
      [['category', 'field', fieldId]],
    ]);
    await ada.client.fields.delete.mutate({ projectId, fieldId });
    await remove(b);
    await remove(a);
    const refusal = await failureOf(ada.client.categories.restore.mutate({ projectId, categoryId: b }));
    expect(refusal.message).toContain('its category A is deleted and must be restored first');
    expect((await failureOf(ada.client.fields.restore.mutate({ projectId, fieldId }))).message).toContain(
      'its category B is deleted',
    );
    await ada.client.categories.restore.mutate({ projectId, categoryId: a });
    await ada.client.categories.restore.mutate({ projectId, categoryId: b });
    await ada.client.fields.restore.mutate({ projectId, fieldId });
  });
});

describe('terms of a vocabulary', () => {
  async function makeVocabulary() {
    const projectId = await world.makeProject();
    const { id: vocabularyId } = await ada.client.vocabularies.create.mutate({ projectId, name: 'Colours' });
    const add = async (name: string, broaderId?: string) =>
      (await ada.client.vocabularies.addTerm.mutate({ projectId, vocabularyId, name, broaderId })).id;
    const names = async (broaderId?: string | null) =>
      (await ada.client.vocabularies.terms.query({ projectId, vocabularyId, broaderId })).items.map((term) =>
        [...term.path.map((step) => step.name), term.name].join('/'),
      );
    return { projectId, vocabularyId, add, names };
  }

  test('are a tree of any depth, read below any of them', async () => {
    const { projectId, vocabularyId, add, names } = await makeVocabulary();
    const red = await add('Red');
    const dark = await add('Dark red', red);
    await add('Wine red', dark);
    await add('Blue');
    expect(await names()).toEqual(['Red', 'Red/Dark red', 'Red/Dark red/Wine red', 'Blue']);
    expect(await names(null)).toEqual(['Red', 'Blue']);
    expect(await names(red)).toEqual(['Red/Dark red', 'Red/Dark red/Wine red']);
    const pages: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { name: string }[]; nextCursor: string | null } =
        await ada.client.vocabularies.terms.query({ projectId, vocabularyId, limit: 3, cursor });
      pages.push(...page.items.map((term) => term.name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(pages).toEqual(['Red', 'Dark red', 'Wine red', 'Blue']);
  });

  test('never stand below themselves, not even when two move them at once', async () => {
    const { projectId, add } = await makeVocabulary();
    const move = (termId: string, broaderId: string | null) =>
      ada.client.vocabularies.updateTerm.mutate({ projectId, termId, broaderId });
    const a = await add('A');
    const b = await add('B', a);
    expect(await failureOf(move(a, b))).toMatchObject({
      code: 'TREE_CYCLE',
      message: 'The term A cannot stand below itself: A < B < A.',
    });
    await move(b, null);
    const moves = await Promise.allSettled([move(a, b), move(b, a)]);
    expect(moves.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('are changed, taken away from below, and unique by identifier', async () => {
    const { projectId, vocabularyId, add, names } = await makeVocabulary();
    const red = await add('Red');
    const other = await add('Red');
    const { items } = await ada.client.vocabularies.terms.query({ projectId, vocabularyId });
    expect(items.map((term) => term.identifier)).toEqual(['red', 'red-2']);
    const dark = await add('Dark', red);
    const update = (changes: { name?: string; identifier?: string; version?: number }) =>
      ada.client.vocabularies.updateTerm.mutate({ projectId, termId: dark, ...changes });
    expect((await failureOf(update({ identifier: 'red' }))).code).toBe('IDENTIFIER_TAKEN');
    expect(await update({ name: 'Dark red', version: 1 })).toMatchObject({ name: 'Dark red', version: 2 });
    expect((await failureOf(update({ name: 'Lost', version: 1 }))).code).toBe('VERSION_CLASH');
    const remove = (termId: string) => ada.client.vocabularies.removeTerm.mutate({ projectId, termId });
    expect((await failureOf(remove(red))).message).toBe(
      'The term Red is in use by the narrower term Dark red.',
    );
    await remove(dark);
    await remove(red);
    await remove(other);
    expect(await names()).toEqual([]);
  });

  test('belong to their vocabulary and project', async () => {
    const [here, there] = [await makeVocabulary(), await makeVocabulary()];
    const foreign = await there.add('Foreign');
    const own = await here.add('Own');
    const { projectId, vocabularyId } = here;
    const { vocabularies } = ada.client;
    const calls = [
      vocabularies.addTerm.mutate({ projectId, vocabularyId, name: 'x', broaderId: foreign }),
      vocabularies.addTerm.mutate({ projectId, vocabularyId: there.vocabularyId, name: 'x' }),
      vocabularies.updateTerm.mutate({ projectId, termId: foreign, name: 'x' }),
      vocabularies.updateTerm.mutate({ projectId, termId: own, broaderId: foreign }),
      vocabularies.removeTerm.mutate({ projectId, termId: foreign }),
      vocabularies.terms.query({ projectId, vocabularyId: there.vocabularyId }),
    ];
    const codes = await Promise.all(calls.map(async (call) => (await failureOf(call)).code));
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
    expect((await vocabularies.terms.query({ projectId, vocabularyId, broaderId: foreign })).items).toEqual(
      [],
    );
  });

  test('keep their vocabulary while a field takes its values from it', async () => {
    const { projectId, vocabularyId } = await makeVocabulary();
    const { id: fieldId } = await ada.client.fields.create.mutate({
      projectId,
      name: 'Colour',
      vocabularyId,
    });
    const refusal = await failureOf(ada.client.vocabularies.delete.mutate({ projectId, vocabularyId }));
    expect(refusal.message).toBe('The vocabulary Colours is in use by the field Colour.');
    const { items } = await ada.client.vocabularies.whereUsed.query({ projectId, vocabularyId });
    expect(items).toMatchObject([{ relation: 'values', kind: 'field', id: fieldId }]);
    await ada.client.fields.update.mutate({ projectId, fieldId, vocabularyId: null });
    await ada.client.vocabularies.delete.mutate({ projectId, vocabularyId });
  });
});
