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

/** A project of Ada's alone. */
async function makeOwn(name: string, visibility: 'public' | 'private' = 'private') {
  return (await ada.client.projects.create.mutate({ name, visibility })).id;
}

/** A model with two fields, one of them in a collection, and a meaning. */
async function makeModel(projectId: string) {
  const { client } = ada;
  const { id: ontologyId } = await client.ontologies.create.mutate({
    projectId,
    name: 'CRM',
    uri: 'http://crm/',
  });
  const { id: classId } = await client.ontologies.addClass.mutate({
    projectId,
    ontologyId,
    name: 'E21',
    uri: 'http://crm/E21',
  });
  const { id: title } = await client.fields.create.mutate({
    projectId,
    name: 'Title',
    metadata: { secret: 'Hidden' },
  });
  const { id: note } = await client.fields.create.mutate({ projectId, name: 'Note' });
  await client.fields.setSemantics.mutate({
    projectId,
    fieldId: title,
    semantics: [{ classId, relation: 'domain' }],
  });
  const { id: collectionId } = await client.collections.create.mutate({ projectId, name: 'Texts' });
  await client.collections.setFields.mutate({
    projectId,
    collectionId,
    fields: [{ fieldId: note, cardinality: '?' }],
  });
  const { id: modelId } = await client.models.create.mutate({ projectId, name: 'Book' });
  await client.models.setFields.mutate({
    projectId,
    modelId,
    fields: [{ fieldId: title, cardinality: '1' }, { fieldId: note }],
  });
  await client.models.setCollections.mutate({ projectId, modelId, collections: [{ collectionId }] });
  return { modelId, collectionId, title, note, ontologyId, classId };
}

describe('adopting', () => {
  test('a model brings its fields, collections and meanings along, all of them the own ones', async () => {
    const [from, projectId] = [await makeOwn('From'), await world.makeProject()];
    const original = await makeModel(from);
    const frames = collectFrames<{ type: string; payload: { id: string } }>((on) =>
      bob.client.projects.watch.subscribe({ projectId }, on),
    );
    await frames.until((frame) => frame.type === 'snapshot');
    const copy = await ada.client.models.adopt.mutate({
      projectId,
      fromProjectId: from,
      modelId: original.modelId,
    });
    expect(copy).toMatchObject({ projectId, name: 'Book', identifier: 'book', authorId: ada.id, version: 1 });
    expect(copy.id).not.toBe(original.modelId);
    const event = await frames.until((frame) => frame.type === 'model.adopted');
    expect(event.payload).toEqual(copy);
    expect(frames.received.map((frame) => frame.type).toSorted()).toEqual(
      [
        'snapshot',
        'ontology.adopted',
        'field.adopted',
        'field.adopted',
        'collection.adopted',
        'model.adopted',
      ].toSorted(),
    );
    frames.stop();
    const model = await ada.client.models.get.query({ projectId, modelId: copy.id });
    expect(model.fields.map((part) => [part.name, part.cardinality])).toEqual([
      ['Title', '1'],
      ['Note', '*'],
    ]);
    expect(model.collections.map((part) => part.name)).toEqual(['Texts']);
    const own = await ada.client.fields.list.query({ projectId });
    expect(own.items.map((field) => field.id).toSorted()).toEqual(
      model.fields.map((part) => part.fieldId).toSorted(),
    );
    const title = await ada.client.fields.get.query({ projectId, fieldId: model.fields[0]!.fieldId });
    expect(title.metadata).toEqual({});
    const [ontology] = (await ada.client.ontologies.list.query({ projectId })).items;
    expect(title.semantics).toMatchObject([{ relation: 'domain', name: 'E21', ontologyId: ontology?.id }]);
    const collection = await ada.client.collections.get.query({
      projectId,
      collectionId: model.collections[0]!.collectionId,
    });
    expect(collection.fields).toMatchObject([{ name: 'Note', cardinality: '?' }]);
    for (const { id } of own.items) {
      const { items } = await ada.client.fields.history.query({ projectId, fieldId: id });
      expect(items.map((item) => [item.version, item.action])).toEqual([[1, 'create']]);
    }
    const { items } = await ada.client.models.history.query({ projectId, modelId: copy.id });
    expect(items[0]?.state['fields']).toHaveLength(2);
  });

  test('again, also by two at once, answers the same copy and changes nothing', async () => {
    const [from, projectId] = [await makeOwn('From'), await world.makeProject()];
    const { modelId, title } = await makeModel(from);
    const adopt = () => ada.client.models.adopt.mutate({ projectId, fromProjectId: from, modelId });
    const copies = await Promise.all([adopt(), adopt(), adopt()]);
    expect(new Set(copies.map((copy) => copy.id)).size).toBe(1);
    await ada.client.models.update.mutate({ projectId, modelId: copies[0].id, name: 'My book' });
    expect((await adopt()).name).toBe('My book');
    expect((await ada.client.models.list.query({ projectId })).items).toHaveLength(1);
    expect((await ada.client.fields.list.query({ projectId })).items).toHaveLength(2);
    const field = await ada.client.fields.adopt.mutate({ projectId, fromProjectId: from, fieldId: title });
    expect((await ada.client.fields.list.query({ projectId })).items.map((item) => item.id)).toContain(
      field.id,
    );
    expect((await ada.client.fields.list.query({ projectId })).items).toHaveLength(2);
  });

  test('what was deleted makes a new copy, and a taken identifier gets a number', async () => {
    const [from, projectId] = [await makeOwn('From'), await world.makeProject()];
    const { id: fieldId } = await world.makeField(from, 'Title');
    await world.makeField(projectId, 'Title');
    const adopt = () => ada.client.fields.adopt.mutate({ projectId, fromProjectId: from, fieldId });
    const first = await adopt();
    expect(first.identifier).toBe('title-2');
    await ada.client.fields.delete.mutate({ projectId, fieldId: first.id });
    const second = await adopt();
    expect(second.id).not.toBe(first.id);
    expect(second.identifier).toBe('title-2');
    const refusal = await failureOf(ada.client.fields.restore.mutate({ projectId, fieldId: first.id }));
    expect(refusal.code).toBe('IDENTIFIER_TAKEN');
  });

  test('goes into the own category, vocabulary and ontology where they are the same', async () => {
    const [from, projectId] = [await makeOwn('From'), await world.makeProject()];
    const { client } = ada;
    const there = await client.categories.create.mutate({ projectId: from, name: 'Names' });
    const here = await client.categories.create.mutate({ projectId, name: 'Names' });
    const uri = 'http://words/';
    const words = await client.vocabularies.create.mutate({ projectId: from, name: 'Words', uri });
    const own = await client.vocabularies.create.mutate({ projectId, name: 'My words', uri });
    const { title } = await makeModel(from);
    await client.fields.update.mutate({
      projectId: from,
      fieldId: title,
      categoryId: there.id,
      vocabularyId: words.id,
    });
    const crm = await client.ontologies.create.mutate({ projectId, name: 'My CRM', uri: 'http://crm/' });
    const copy = await client.fields.adopt.mutate({ projectId, fromProjectId: from, fieldId: title });
    expect(copy).toMatchObject({ categoryId: here.id, vocabularyId: own.id });
    const { semantics } = await client.fields.get.query({ projectId, fieldId: copy.id });
    expect(semantics).toMatchObject([{ ontologyId: crm.id, name: 'E21' }]);
    const { items } = await client.ontologies.history.query({ projectId, ontologyId: crm.id });
    expect(items.map((item) => item.changes)).toEqual([{ classes: { old: null, new: ['E21'] } }, {}]);
  });

  test('needs to read the other project, and to write in this one', async () => {
    const [from, projectId] = [await makeOwn('From'), await world.makeProject()];
    const { id: fieldId } = await world.makeField(from, 'Title');
    const adopt = (person: Person, of: { projectId: string; fromProjectId: string }) =>
      failureOf(person.client.fields.adopt.mutate({ ...of, fieldId }));
    expect((await adopt(bob, { projectId, fromProjectId: from })).code).toBe('NOT_FOUND');
    expect((await adopt(ada, { projectId: from, fromProjectId: from })).fields).toEqual({
      fromProjectId: expect.any(String),
    });
    expect((await adopt(eve, { projectId, fromProjectId: from })).code).toBe('NOT_FOUND');
    const elsewhere = await makeOwn('Elsewhere');
    expect((await adopt(ada, { projectId, fromProjectId: elsewhere })).code).toBe('NOT_FOUND');
    await ada.client.projects.update.mutate({ projectId: from, visibility: 'public' });
    await bob.client.fields.adopt.mutate({ projectId, fromProjectId: from, fieldId });
  });
});

describe('where a copy came from', () => {
  test('is told to who may see that project, and to nobody else, in no way', async () => {
    const from = await makeOwn('Secret garden');
    const projectId = await world.makeProject();
    await ada.client.members.setRole.mutate({ projectId, actorId: bob.id, role: 'manager' });
    const original = await makeModel(from);
    const copy = await ada.client.models.adopt.mutate({
      projectId,
      fromProjectId: from,
      modelId: original.modelId,
    });
    const { origin } = await ada.client.models.get.query({ projectId, modelId: copy.id });
    expect(origin).toMatchObject({
      projectId: from,
      projectName: 'Secret garden',
      id: original.modelId,
      name: 'Book',
      adoptedVersion: 3,
      version: 3,
    });
    const { client } = bob;
    const [title] = (await client.models.get.query({ projectId, modelId: copy.id })).fields;
    const of = { projectId, fieldId: title!.fieldId };
    const seen = [
      await client.models.get.query({ projectId, modelId: copy.id }),
      await client.models.get.query({ projectId, modelId: copy.id, asOf: new Date() }),
      await client.models.list.query({ projectId }),
      await client.models.history.query({ projectId, modelId: copy.id }),
      await client.models.whereUsed.query({ projectId, modelId: copy.id }),
      await client.fields.get.query(of),
      await client.fields.history.query(of),
      await client.fields.whereUsed.query(of),
      await client.ontologies.list.query({ projectId }),
      await client.audit.list.query({ projectId, limit: 200 }),
      (
        await world.server.tessera.services.reads.query('select payload from events where stream = $1', [
          `project:${projectId}`,
        ])
      ).rows,
    ];
    expect(seen[0]).toMatchObject({ origin: null });
    const text = JSON.stringify(seen);
    for (const hidden of [from, 'Secret garden', 'Hidden', ...Object.values(original)]) {
      expect(text).not.toContain(hidden);
    }
    await ada.client.members.add.mutate({ projectId: from, actorId: bob.id, role: 'viewer' });
    const now = await client.models.get.query({ projectId, modelId: copy.id });
    expect(now.origin?.projectId).toBe(from);
    await ada.client.projects.delete.mutate({ projectId: from });
    expect((await client.models.get.query({ projectId, modelId: copy.id })).origin).toBeNull();
  });
});

describe('copies in other projects', () => {
  test('are listed and counted only where the caller may see them', async () => {
    const from = await makeOwn('Commons', 'public');
    const { id: fieldId } = await world.makeField(from, 'Title');
    const shared = await world.makeProject();
    const visible = await makeOwn('Visible', 'public');
    const adopt = async (projectId: string) =>
      (await ada.client.fields.adopt.mutate({ projectId, fromProjectId: from, fieldId })).id;
    const hidden: string[] = [];
    for (let n = 0; n < 5; n += 1) hidden.push(await adopt(await makeOwn(`Hidden ${n}`)));
    const inShared = await adopt(shared);
    const inVisible = await adopt(visible);
    const uses = async (person: Person) =>
      await person.client.fields.whereUsed.query({ projectId: from, fieldId, limit: 1 });
    const all = async (person: Person) => {
      const found: string[] = [];
      let page = await uses(person);
      for (;;) {
        found.push(...page.items.map((use) => use.id));
        if (!page.nextCursor) return found;
        expect(page.items).toHaveLength(1);
        page = await person.client.fields.whereUsed.query({
          projectId: from,
          fieldId,
          limit: 1,
          cursor: page.nextCursor,
        });
      }
    };
    expect(await all(ada)).toEqual([inVisible, inShared, ...hidden.toReversed()]);
    expect(await all(bob)).toEqual([inVisible, inShared]);
    expect(await all(eve)).toEqual([inVisible]);
    const { key } = await ada.client.apiKeys.create.mutate({
      name: 'One project',
      scopes: ['fields.*'],
      projectIds: [from, shared],
    });
    const limited = { ...ada, client: world.server.connect(key) };
    expect(await all(limited)).toEqual([inShared]);
    await ada.client.fields.delete.mutate({ projectId: from, fieldId });
    expect((await ada.client.fields.get.query({ projectId: shared, fieldId: inShared })).origin).toBeNull();
  });
});
