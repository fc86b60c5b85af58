import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectFrames } from '../../support/collectFrames.ts';
import { failureOf } from '../../support/failure.ts';
import { type PatternWorld, makePatternWorld } from '../../support/patternWorld.ts';
import type { Person } from '../../support/server.ts';

let world: PatternWorld;
let ada: Person;
let bob: Person;
let eve: Person;

beforeAll(async () => {
  world = await makePatternWorld();
  ({ ada, bob, eve } = world);
});
afterAll(() => world.server.close());

describe('a field', () => {
  test('is made with what is given, told to watchers, and found again', async () => {
    const projectId = await world.makeProject();
    const frames = collectFrames<{ type: string; payload: unknown; mutationId: string | null }>((on) =>
      ada.client.projects.watch.subscribe({ projectId }, on),
    );
    await frames.until((frame) => frame.type === 'snapshot');
    const category = await bob.client.categories.create.mutate({ projectId, name: 'Names' });
    const id = randomUUID();
    const field = await bob.client.fields.create.mutate({
      projectId,
      id,
      name: 'Title',
      identifier: 'P102',
      description: 'What it is called',
      uri: 'http://example.org/fields/title',
      rdfType: 'crm:E35_Title',
      ontologyPath: 'crm:P102_has_title',
      categoryId: category.id,
      metadata: { colour: 'blue' },
      mutationId: 'one',
    });
    expect(field).toMatchObject({
      id,
      projectId,
      name: 'Title',
      identifier: 'P102',
      description: 'What it is called',
      uri: 'http://example.org/fields/title',
      rdfType: 'crm:E35_Title',
      ontologyPath: 'crm:P102_has_title',
      categoryId: category.id,
      vocabularyId: null,
      authorId: bob.id,
      metadata: { colour: 'blue' },
      version: 1,
      deletedAt: null,
    });
    const event = await frames.until((frame) => frame.type === 'field.created');
    expect(event.payload).toEqual(field);
    expect(event.mutationId).toBe('one');
    frames.stop();
    expect(await ada.client.fields.get.query({ projectId, fieldId: id })).toEqual({
      ...field,
      semantics: [],
      originalData: null,
      origin: null,
    });
    expect((await ada.client.fields.list.query({ projectId })).items).toEqual([field]);
    expect(
      (await ada.client.fields.list.query({ projectId, categoryId: category.id })).items.map((f) => f.id),
    ).toEqual([id]);
    expect((await ada.client.fields.list.query({ projectId, categoryId: null })).items).toEqual([]);
  });

  test('gets an identifier from its name, the next free one where that is taken, in any script', async () => {
    const projectId = await world.makeProject();
    const make = async (name: string) => (await world.makeField(projectId, name)).identifier;
    expect(await make('Place of Birth')).toBe('place-of-birth');
    expect(await make('Place of birth!')).toBe('place-of-birth-2');
    expect(await make('題名')).toBe('題名');
    expect(await make('…')).toBe('field');
    const other = await world.makeProject();
    expect((await world.makeField(other, 'Place of Birth')).identifier).toBe('place-of-birth');
  });

  test('made again by a retry is the same, and an id that is taken is refused', async () => {
    const projectId = await world.makeProject();
    const id = randomUUID();
    const input = { projectId, id, name: 'Title', mutationId: randomUUID() };
    const first = await ada.client.fields.create.mutate(input);
    expect(await ada.client.fields.create.mutate(input)).toEqual(first);
    const other = { projectId, id, name: 'Other' };
    expect((await failureOf(ada.client.fields.create.mutate(other))).code).toBe('ID_TAKEN');
    expect((await ada.client.fields.list.query({ projectId })).items).toEqual([first]);
    expect((await ada.client.fields.history.query({ projectId, fieldId: id })).items).toHaveLength(1);
  });

  test('made by many at once under one name gets as many identifiers', async () => {
    const projectId = await world.makeProject();
    const made = await Promise.all(Array.from({ length: 8 }, () => world.makeField(projectId, 'Twin')));
    expect(new Set(made.map((field) => field.identifier)).size).toBe(8);
  });

  test('cannot take an identifier that is in use, however many try at once', async () => {
    const projectId = await world.makeProject();
    const tries = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        ada.client.fields.create.mutate({ projectId, name: 'A', identifier: 'F.1' }),
      ),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const failure = await failureOf(
      ada.client.fields.create.mutate({ projectId, name: 'A', identifier: 'F.1' }),
    );
    expect(failure).toMatchObject({ code: 'IDENTIFIER_TAKEN', message: 'The identifier F.1 is taken.' });
  });

  test.each([
    ['identifier', { identifier: 'two words' }],
    ['uri', { uri: 'not a uri' }],
    ['name', { name: '' }],
    ['description', { description: 'x'.repeat(20_001) }],
    ['metadata', { metadata: { big: 'x'.repeat(20_000) } }],
  ])('with a bad %s is refused, naming it', async (name, wrong) => {
    const projectId = await world.makeProject();
    const failure = await failureOf(ada.client.fields.create.mutate({ projectId, name: 'A', ...wrong }));
    expect(failure.code).toBe('BAD_INPUT');
    expect(Object.keys(failure.fields ?? {})).toEqual([name]);
  });

  test('is changed by what is given alone; an edit of an old version is refused with both', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    const changed = await bob.client.fields.update.mutate({
      projectId,
      fieldId,
      description: 'New',
      version: 1,
    });
    expect(changed).toMatchObject({ name: 'Title', description: 'New', version: 2 });
    const failure = await failureOf(
      ada.client.fields.update.mutate({ projectId, fieldId, name: 'Lost', version: 1 }),
    );
    expect(failure.code).toBe('VERSION_CLASH');
    expect(failure.details).toMatchObject({ sent: 1, stored: 2, current: { description: 'New' } });
    const same = await ada.client.fields.update.mutate({ projectId, fieldId, description: 'New' });
    expect(same.version).toBe(2);
    const cleared = await ada.client.fields.update.mutate({
      projectId,
      fieldId,
      uri: 'urn:x',
      rdfType: null,
    });
    expect(cleared).toMatchObject({ uri: 'urn:x', rdfType: null, version: 3 });
  });

  test('that two change at once keeps both changes', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    await Promise.all([
      ada.client.fields.update.mutate({ projectId, fieldId, name: 'By Ada' }),
      bob.client.fields.update.mutate({ projectId, fieldId, description: 'By Bob' }),
    ]);
    const field = await ada.client.fields.get.query({ projectId, fieldId });
    expect(field).toMatchObject({ name: 'By Ada', description: 'By Bob', version: 3 });
  });

  test('deleted leaves lists and frees its identifier; it comes back unless that is taken', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    expect((await failureOf(bob.client.fields.delete.mutate({ projectId, fieldId }))).code).toBe('FORBIDDEN');
    const deleted = await ada.client.fields.delete.mutate({ projectId, fieldId });
    expect(deleted.deletedAt).toBeInstanceOf(Date);
    expect((await failureOf(ada.client.fields.get.query({ projectId, fieldId }))).code).toBe('NOT_FOUND');
    expect((await ada.client.fields.list.query({ projectId })).items).toEqual([]);
    expect((await ada.client.fields.list.query({ projectId, deleted: true })).items).toEqual([deleted]);
    const second = await world.makeField(projectId, 'Title');
    expect(second.identifier).toBe('title');
    const failure = await failureOf(ada.client.fields.restore.mutate({ projectId, fieldId }));
    expect(failure.code).toBe('IDENTIFIER_TAKEN');
    await ada.client.fields.update.mutate({ projectId, fieldId: second.id, identifier: 'other' });
    expect(await ada.client.fields.restore.mutate({ projectId, fieldId })).toMatchObject({
      deletedAt: null,
      identifier: 'title',
    });
    expect(await ada.client.fields.restore.mutate({ projectId, fieldId })).toMatchObject({ version: 3 });
  });

  test('of another project does not exist in this one, for any procedure', async () => {
    const [here, there] = [await world.makeProject(), await world.makeProject()];
    const { id: fieldId } = await world.makeField(there, 'Title');
    const category = await ada.client.categories.create.mutate({ projectId: there, name: 'Names' });
    const vocabulary = await ada.client.vocabularies.create.mutate({ projectId: there, name: 'Words' });
    const { fields } = ada.client;
    const wrong = { projectId: here, fieldId };
    const { id: own } = await world.makeField(here, 'Own');
    const calls = [
      fields.get.query(wrong),
      fields.get.query({ ...wrong, asOf: new Date() }),
      fields.update.mutate({ ...wrong, name: 'x' }),
      fields.delete.mutate(wrong),
      fields.restore.mutate(wrong),
      fields.history.query(wrong),
      fields.whereUsed.query(wrong),
      fields.setSemantics.mutate({ ...wrong, semantics: [] }),
      fields.create.mutate({ projectId: here, name: 'x', categoryId: category.id }),
      fields.create.mutate({ projectId: here, name: 'x', vocabularyId: vocabulary.id }),
      fields.update.mutate({ projectId: here, fieldId: own, categoryId: category.id }),
      fields.update.mutate({ projectId: here, fieldId: own, vocabularyId: vocabulary.id }),
      fields.adopt.mutate({ projectId: here, fromProjectId: there, fieldId: own }),
    ];
    const codes = await Promise.all(calls.map(async (call) => (await failureOf(call)).code));
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
    expect((await failureOf(eve.client.fields.list.query({ projectId: there }))).code).toBe('NOT_FOUND');
  });

  test('is listed newest first, in pages without gap or repetition', async () => {
    const projectId = await world.makeProject();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await world.makeField(projectId, `Field ${n}`)).id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } = await ada.client.fields.list.query(
        { projectId, limit: 2, cursor },
      );
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids);
  });

  test('stands in the audit log with old and new values, and threads can stand on it', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    await ada.client.fields.update.mutate({ projectId, fieldId, name: 'Name' });
    const { items } = await ada.client.audit.list.query({
      projectId,
      entityType: 'fields',
      entityId: fieldId,
    });
    expect(items.map((item) => [item.action, item.changes['name']])).toEqual([
      ['update', { old: 'Title', new: 'Name' }],
      ['create', { new: 'Title' }],
    ]);
    const { thread } = await bob.client.threads.create.mutate({
      projectId,
      body: 'Is this right?',
      subjectType: 'field',
      subjectId: fieldId,
    });
    expect(thread).toMatchObject({ subjectType: 'field', subjectId: fieldId });
  });
});

describe('the meaning of a field', () => {
  async function makeOntology(projectId: string) {
    const ontology = await ada.client.ontologies.create.mutate({
      projectId,
      name: 'CIDOC CRM',
      prefix: 'crm',
      uri: 'http://www.cidoc-crm.org/cidoc-crm/',
    });
    const add = (kind: 'class' | 'property', name: string) =>
      ada.client.ontologies.addClass.mutate({
        projectId,
        ontologyId: ontology.id,
        kind,
        name,
        uri: `http://www.cidoc-crm.org/cidoc-crm/${name}`,
      });
    return {
      ontologyId: ontology.id,
      thing: await add('class', 'E71'),
      has: await add('property', 'P102'),
      title: await add('class', 'E35'),
    };
  }

  test('is set as a whole and in order, and setting it again changes nothing', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    const { thing, has, title, ontologyId } = await makeOntology(projectId);
    const semantics = [
      { classId: thing.id, relation: 'domain' as const },
      { classId: has.id, relation: 'property' as const },
      { classId: title.id, relation: 'range' as const },
    ];
    const set = await bob.client.fields.setSemantics.mutate({ projectId, fieldId, semantics });
    expect(set.version).toBe(2);
    const { semantics: read } = await ada.client.fields.get.query({ projectId, fieldId });
    expect(read).toEqual(set.semantics);
    expect(read.map((part) => [part.relation, part.name, part.ontologyId])).toEqual([
      ['domain', 'E71', ontologyId],
      ['property', 'P102', ontologyId],
      ['range', 'E35', ontologyId],
    ]);
    expect((await bob.client.fields.setSemantics.mutate({ projectId, fieldId, semantics })).version).toBe(2);
    const turned = await bob.client.fields.setSemantics.mutate({
      projectId,
      fieldId,
      semantics: semantics.toReversed(),
      version: 2,
    });
    expect(turned.semantics.map((part) => part.relation)).toEqual(['range', 'property', 'domain']);
    const { items } = await ada.client.ontologies.whereUsed.query({ projectId, ontologyId });
    expect(items).toMatchObject([{ relation: 'meaning', kind: 'field', id: fieldId }]);
  });

  test('refuses a class for a property, a repetition, and what another project calls its own', async () => {
    const [projectId, other] = [await world.makeProject(), await world.makeProject()];
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    const { thing, has } = await makeOntology(projectId);
    const set = (semantics: { classId: string; relation: 'domain' | 'property' | 'range' }[]) =>
      failureOf(ada.client.fields.setSemantics.mutate({ projectId, fieldId, semantics }));
    expect(await set([{ classId: thing.id, relation: 'property' }])).toMatchObject({
      code: 'BAD_INPUT',
      fields: { 'semantics.0.relation': 'E71 is a class, and property takes a property' },
    });
    const part = { classId: has.id, relation: 'property' as const };
    expect(Object.keys((await set([part, part])).fields ?? {})).toEqual(['semantics.1.classId']);
    const foreign = await makeOntology(other);
    expect((await set([{ classId: foreign.thing.id, relation: 'domain' }])).code).toBe('NOT_FOUND');
  });

  test('keeps its classes and its ontology from being deleted', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    const { thing, ontologyId } = await makeOntology(projectId);
    await ada.client.fields.setSemantics.mutate({
      projectId,
      fieldId,
      semantics: [{ classId: thing.id, relation: 'domain' }],
    });
    const removal = await failureOf(
      ada.client.ontologies.removeClass.mutate({ projectId, classId: thing.id }),
    );
    expect(removal).toMatchObject({
      code: 'PATTERN_IN_USE',
      message: 'The ontology class E71 is in use by the field Title.',
    });
    const deletion = await failureOf(ada.client.ontologies.delete.mutate({ projectId, ontologyId }));
    expect(deletion.message).toBe('The ontology CIDOC CRM is in use by the field Title.');
    await ada.client.fields.setSemantics.mutate({ projectId, fieldId, semantics: [] });
    await ada.client.ontologies.removeClass.mutate({ projectId, classId: thing.id });
    await ada.client.ontologies.delete.mutate({ projectId, ontologyId });
  });
});
