import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/failure.ts';
import { type PatternWorld, makePatternWorld } from '../../support/patternWorld.ts';
import type { Person } from '../../support/server.ts';

let world: PatternWorld;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  world = await makePatternWorld();
  ({ ada, bob } = world);
});
afterAll(() => world.server.close());

/** A moment after everything so far and before everything to come. */
const pause = async () => {
  const moment = new Date();
  while (Date.now() <= moment.getTime() + 1) await new Promise(setImmediate);
  return new Date(moment.getTime() + 1);
};

describe('history', () => {
  test('has a row for every change: who, what, and how it was then', async () => {
    const projectId = await world.makeProject();
    const field = await ada.client.fields.create.mutate({ projectId, name: 'Title' });
    const fieldId = field.id;
    await bob.client.fields.update.mutate({ projectId, fieldId, name: 'Name', description: 'x' });
    await bob.client.fields.update.mutate({ projectId, fieldId, name: 'Name' });
    await ada.client.fields.delete.mutate({ projectId, fieldId });
    await ada.client.fields.restore.mutate({ projectId, fieldId });
    const { items, nextCursor } = await ada.client.fields.history.query({ projectId, fieldId });
    expect(nextCursor).toBeNull();
    expect(items.map((item) => [item.version, item.action, item.actor?.id])).toEqual([
      [4, 'restore', ada.id],
      [3, 'delete', ada.id],
      [2, 'update', bob.id],
      [1, 'create', ada.id],
    ]);
    expect(items.map((item) => item.changes)).toEqual([
      { isDeleted: { old: true, new: false } },
      { isDeleted: { old: false, new: true } },
      { name: { old: 'Title', new: 'Name' }, description: { old: '', new: 'x' } },
      {},
    ]);
    expect(items[3]?.state).toMatchObject({
      name: 'Title',
      description: '',
      isDeleted: false,
      semantics: [],
    });
    expect(items.every((item) => item.createdAt instanceof Date)).toBe(true);
    const first = await ada.client.fields.history.query({ projectId, fieldId, limit: 3 });
    const second = await ada.client.fields.history.query({ projectId, fieldId, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toEqual(items);
    const past = await ada.client.fields.history.query({
      projectId,
      fieldId,
      cursor: Buffer.from(`0 ${fieldId}`).toString('base64url'),
    });
    expect(past.items).toEqual([]);
  });

  test('is written in the transaction of the change: what is rolled back leaves none', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    await world.makeField(projectId, 'Other');
    await failureOf(ada.client.fields.update.mutate({ projectId, fieldId, identifier: 'other' }));
    expect((await ada.client.fields.history.query({ projectId, fieldId })).items).toHaveLength(1);
  });

  test('knows compositions, and a model is read as of a time with the names of then', async () => {
    const projectId = await world.makeProject();
    const { id: name } = await world.makeField(projectId, 'Name');
    const { id: birth } = await world.makeField(projectId, 'Birth');
    const beforeAny = await pause();
    const { id: modelId } = await ada.client.models.create.mutate({ projectId, name: 'Person' });
    const empty = await pause();
    await bob.client.models.setFields.mutate({
      projectId,
      modelId,
      fields: [{ fieldId: name, cardinality: '1' }, { fieldId: birth }],
    });
    const two = await pause();
    const { id: collectionId } = await ada.client.collections.create.mutate({ projectId, name: 'Dates' });
    await ada.client.models.setCollections.mutate({ projectId, modelId, collections: [{ collectionId }] });
    await ada.client.fields.update.mutate({ projectId, fieldId: name, name: 'Full name' });
    await ada.client.models.setFields.mutate({ projectId, modelId, fields: [{ fieldId: name }] });
    await ada.client.models.update.mutate({ projectId, modelId, name: 'Human' });
    const renamed = await pause();
    await ada.client.models.delete.mutate({ projectId, modelId });
    const gone = await pause();

    const then = (asOf: Date) => ada.client.models.get.query({ projectId, modelId, asOf });
    expect((await failureOf(then(beforeAny))).code).toBe('NOT_FOUND');
    expect(await then(empty)).toMatchObject({ name: 'Person', version: 1, fields: [], collections: [] });
    const second = await then(two);
    expect(second).toMatchObject({ name: 'Person', version: 2, collections: [], deletedAt: null });
    expect(second.fields).toEqual([
      { fieldId: name, name: 'Name', identifier: 'name', cardinality: '1', required: true },
      { fieldId: birth, name: 'Birth', identifier: 'birth', cardinality: '*', required: false },
    ]);
    const last = await then(renamed);
    expect(last).toMatchObject({
      name: 'Human',
      fields: [{ fieldId: name, name: 'Full name', cardinality: '*' }],
      collections: [{ collectionId, name: 'Dates' }],
    });
    expect((await failureOf(then(gone))).code).toBe('NOT_FOUND');
    const { items } = await ada.client.models.history.query({ projectId, modelId });
    expect(items.map((item) => Object.keys(item.changes))).toEqual([
      ['isDeleted'],
      ['name'],
      ['fields'],
      ['collections'],
      ['fields'],
      [],
    ]);
    expect(items.map((item) => item.names)).toEqual([
      {},
      {},
      { [name]: 'Full name', [birth]: 'Birth' },
      { [collectionId]: 'Dates' },
      { [name]: 'Full name', [birth]: 'Birth' },
      {},
    ]);
  });

  test('read at the moment that a view shows gives that view, for every noun', async () => {
    const projectId = await world.makeProject();
    const { client } = ada;
    const [category, field, model, collection, ontology, vocabulary] = await Promise.all([
      client.categories.create.mutate({ projectId, name: 'A', description: 'a' }),
      client.fields.create.mutate({ projectId, name: 'B', uri: 'urn:b', metadata: { createdAt: 'never' } }),
      client.models.create.mutate({ projectId, name: 'C', rdfType: 'c' }),
      client.collections.create.mutate({ projectId, name: 'D', ontologyPath: 'd' }),
      client.ontologies.create.mutate({ projectId, name: 'E', prefix: 'e' }),
      client.vocabularies.create.mutate({ projectId, name: 'F', uri: 'urn:f' }),
    ]);
    const now = [
      await client.categories.get.query({ projectId, categoryId: category.id }),
      await client.fields.get.query({ projectId, fieldId: field.id }),
      await client.models.get.query({ projectId, modelId: model.id }),
      await client.collections.get.query({ projectId, collectionId: collection.id }),
      await client.ontologies.get.query({ projectId, ontologyId: ontology.id }),
      await client.vocabularies.get.query({ projectId, vocabularyId: vocabulary.id }),
    ];
    await pause();
    await client.categories.update.mutate({ projectId, categoryId: category.id, name: 'Later' });
    await client.fields.update.mutate({ projectId, fieldId: field.id, name: 'Later' });
    await client.models.update.mutate({ projectId, modelId: model.id, name: 'Later' });
    await client.collections.update.mutate({ projectId, collectionId: collection.id, name: 'Later' });
    await client.ontologies.update.mutate({ projectId, ontologyId: ontology.id, name: 'Later' });
    await client.vocabularies.update.mutate({ projectId, vocabularyId: vocabulary.id, name: 'Later' });
    const then = [
      await client.categories.get.query({ projectId, categoryId: category.id, asOf: category.updatedAt }),
      await client.fields.get.query({ projectId, fieldId: field.id, asOf: field.updatedAt }),
      await client.models.get.query({ projectId, modelId: model.id, asOf: model.updatedAt }),
      await client.collections.get.query({
        projectId,
        collectionId: collection.id,
        asOf: collection.updatedAt,
      }),
      await client.ontologies.get.query({ projectId, ontologyId: ontology.id, asOf: ontology.updatedAt }),
      await client.vocabularies.get.query({
        projectId,
        vocabularyId: vocabulary.id,
        asOf: vocabulary.updatedAt,
      }),
    ];
    expect(then).toEqual(now);
  });

  test('of an ontology and a vocabulary says what happened to classes and terms', async () => {
    const projectId = await world.makeProject();
    const { id: ontologyId } = await ada.client.ontologies.create.mutate({ projectId, name: 'CRM' });
    const added = await ada.client.ontologies.addClass.mutate({
      projectId,
      ontologyId,
      name: 'E1',
      uri: 'urn:e1',
    });
    await ada.client.ontologies.updateClass.mutate({ projectId, classId: added.id, name: 'E1 Entity' });
    await ada.client.ontologies.removeClass.mutate({ projectId, classId: added.id });
    const { items } = await ada.client.ontologies.history.query({ projectId, ontologyId });
    const names = items.map(({ changes }) => {
      const { old, new: becomes } = changes['classes'] ?? {};
      return [(old as { name: string } | null)?.name, (becomes as { name: string } | null)?.name];
    });
    expect(names).toEqual([
      ['E1 Entity', undefined],
      ['E1', 'E1 Entity'],
      [undefined, 'E1'],
      [undefined, undefined],
    ]);
    const audits = await ada.client.audit.list.query({ projectId, entityType: 'ontology_classes' });
    expect(audits.items.map((item) => item.action)).toEqual(['delete', 'update', 'create']);
  });

  test('has one row per version, however many change a row at once', async () => {
    const projectId = await world.makeProject();
    const { id: fieldId } = await world.makeField(projectId, 'Title');
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ada.client.fields.update.mutate({ projectId, fieldId, description: `by ${n}` }),
      ),
    );
    const { items } = await ada.client.fields.history.query({ projectId, fieldId });
    expect(items.map((item) => item.version)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    for (const [index, item] of items.slice(0, -2).entries()) {
      expect(item.changes['description']?.old).toBe(items[index + 1]?.state['description']);
    }
  });
});
