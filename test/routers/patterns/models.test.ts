import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { collectFrames } from '../../support/collectFrames.ts';
import { failureOf } from '../../support/failure.ts';
import { type PatternWorld, makePatternWorld } from '../../support/patternWorld.ts';
import type { Person } from '../../support/server.ts';

let world: PatternWorld;
let ada: Person;
let bob: Person;

/** Everything that goes to the database, also what others of the process send. */
const queries = vi.spyOn(pg.Client.prototype, 'query');

/** How many statements about models and fields there were so far. */
function countStatements(): number {
  const texts = queries.mock.calls.map(([query]: unknown[]) =>
    typeof query === 'string' ? query : (query as { text: string }).text,
  );
  return texts.filter((text) => /\b(?:models|fields|model_fields|model_history)\b/.test(text)).length;
}

beforeAll(async () => {
  world = await makePatternWorld();
  ({ ada, bob } = world);
});
afterAll(() => world.server.close());

/** A project with a model and some fields. */
async function makeModel(names: string[]) {
  const projectId = await world.makeProject();
  const { id: modelId } = await ada.client.models.create.mutate({ projectId, name: 'Person' });
  const fields = await Promise.all(names.map((name) => world.makeField(projectId, name)));
  return { projectId, modelId, fieldIds: fields.map((field) => field.id) };
}

const signs = (fields: { name: string; cardinality: string; required: boolean }[]) =>
  fields.map((field) => `${field.name} ${field.cardinality} ${field.required}`);

/** Every row of the links as it lies in the database, with the transaction that wrote it. */
async function linkRows(modelId: string): Promise<{ field_id: string; xmin: string; order_index: number }[]> {
  const sql = `select field_id, xmin::text, order_index from model_fields where model_id = $1 order by order_index`;
  return (await world.server.tessera.services.reads.query(sql, [modelId])).rows as never;
}

describe('the fields of a model', () => {
  test('are set as a whole, in order, with their cardinality; watchers get them', async () => {
    const { projectId, modelId, fieldIds } = await makeModel(['Name', 'Birth', 'Note', 'Alias']);
    const [name, birth, note, alias] = fieldIds as [string, string, string, string];
    const frames = collectFrames<{ type: string; payload: unknown }>((on) =>
      ada.client.projects.watch.subscribe({ projectId }, on),
    );
    await frames.until((frame) => frame.type === 'snapshot');
    const set = await bob.client.models.setFields.mutate({
      projectId,
      modelId,
      version: 1,
      fields: [
        { fieldId: name, cardinality: '1' },
        { fieldId: alias, cardinality: '+', required: true },
        { fieldId: birth, cardinality: '?', required: false },
        { fieldId: note },
      ],
    });
    expect(signs(set.fields)).toEqual(['Name 1 true', 'Alias + true', 'Birth ? false', 'Note * false']);
    expect(set.version).toBe(2);
    expect((await frames.until((frame) => frame.type === 'model.fieldsSet')).payload).toEqual(set);
    frames.stop();
    const model = await ada.client.models.get.query({ projectId, modelId });
    expect(model).toEqual({ ...set, collections: [], originalData: null, origin: null });
  });

  test('that stay as they were are not written again, and setting the same changes nothing', async () => {
    const { projectId, modelId, fieldIds } = await makeModel(['A', 'B', 'C', 'D']);
    const [a, b, c, d] = fieldIds as [string, string, string, string];
    const set = (fields: { fieldId: string; cardinality?: '1' | '*' }[]) =>
      ada.client.models.setFields.mutate({ projectId, modelId, fields });
    await set([{ fieldId: a }, { fieldId: b }, { fieldId: c }]);
    const before = await linkRows(modelId);
    const changed = await set([{ fieldId: a }, { fieldId: b, cardinality: '1' }, { fieldId: d }]);
    expect(signs(changed.fields)).toEqual(['A * false', 'B 1 true', 'D * false']);
    const after = await linkRows(modelId);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.xmin).not.toBe(before[1]?.xmin);
    expect((await set([{ fieldId: a }, { fieldId: b, cardinality: '1' }, { fieldId: d }])).version).toBe(
      changed.version,
    );
    expect(await linkRows(modelId)).toEqual(after);
    expect((await set([])).fields).toEqual([]);
    const { items } = await ada.client.audit.list.query({ projectId, entityType: 'model_fields' });
    expect(items.map((item) => item.entityId)).toEqual([modelId, modelId, modelId]);
    expect(items[1]?.changes['fields']).toEqual({
      old: [
        { fieldId: b, cardinality: '*', orderIndex: 1 },
        { fieldId: c, cardinality: '*', orderIndex: 2 },
      ],
      new: [
        { fieldId: b, cardinality: '1', orderIndex: 1 },
        { fieldId: d, cardinality: '*', orderIndex: 2 },
      ],
    });
  });

  test.each([
    ['1', false, 'cardinality 1 means required'],
    ['+', false, 'cardinality + means required'],
    ['?', true, 'cardinality ? means optional'],
    ['*', true, 'cardinality * means optional'],
  ] as const)('cannot be %s and required %s', async (cardinality, required, says) => {
    const { projectId, modelId, fieldIds } = await makeModel(['Name', 'Birth']);
    const failure = await failureOf(
      ada.client.models.setFields.mutate({
        projectId,
        modelId,
        fields: [{ fieldId: fieldIds[0]! }, { fieldId: fieldIds[1]!, cardinality, required }],
      }),
    );
    expect(failure.code).toBe('BAD_INPUT');
    expect(failure.fields).toEqual({ 'fields.1.required': expect.stringContaining(`Birth: ${says}`) });
    expect((await ada.client.models.get.query({ projectId, modelId })).fields).toEqual([]);
  });

  test('are refused when one is there twice, is deleted, or belongs to another project', async () => {
    const { projectId, modelId, fieldIds } = await makeModel(['Name', 'Gone']);
    const [name, gone] = fieldIds as [string, string];
    const { id: foreign } = await world.makeField(await world.makeProject(), 'Foreign');
    await ada.client.fields.delete.mutate({ projectId, fieldId: gone });
    const set = (ids: string[]) =>
      failureOf(
        ada.client.models.setFields.mutate({
          projectId,
          modelId,
          fields: ids.map((fieldId) => ({ fieldId })),
        }),
      );
    expect((await set([name, name])).fields).toEqual({
      'fields.1.fieldId': 'is the same as fields.0.fieldId: each may be there once',
    });
    expect(await set([name, gone])).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no such field, or you may not see it.',
    });
    expect((await set([name, foreign])).code).toBe('NOT_FOUND');
  });

  test('set by two at once are those of one of them, and an old version is refused', async () => {
    const { projectId, modelId, fieldIds } = await makeModel(['A', 'B']);
    const [a, b] = fieldIds as [string, string];
    const tries = await Promise.allSettled(
      [a, b].map((fieldId) =>
        ada.client.models.setFields.mutate({ projectId, modelId, fields: [{ fieldId }], version: 1 }),
      ),
    );
    expect(tries.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await ada.client.models.get.query({ projectId, modelId })).fields).toHaveLength(1);
  });

  test('are not deleted while they are there, by whoever comes first', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { projectId, modelId, fieldIds } = await makeModel(['Name']);
      const fieldId = fieldIds[0]!;
      const [set, deleted] = await Promise.allSettled([
        ada.client.models.setFields.mutate({ projectId, modelId, fields: [{ fieldId }] }),
        ada.client.fields.delete.mutate({ projectId, fieldId }),
      ]);
      expect([set.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  test('and the model itself are restored only on what they are made of', async () => {
    const { projectId, modelId, fieldIds } = await makeModel(['Name']);
    const fieldId = fieldIds[0]!;
    await ada.client.models.setFields.mutate({ projectId, modelId, fields: [{ fieldId }] });
    const used = await failureOf(ada.client.fields.delete.mutate({ projectId, fieldId }));
    expect(used).toMatchObject({
      code: 'PATTERN_IN_USE',
      message: 'The field Name is in use by the model Person.',
    });
    await ada.client.models.delete.mutate({ projectId, modelId });
    await ada.client.fields.delete.mutate({ projectId, fieldId });
    const failure = await failureOf(ada.client.models.restore.mutate({ projectId, modelId }));
    expect(failure).toMatchObject({
      code: 'CONFLICT',
      message: 'This contradicts what is stored: its field Name is deleted and must be restored first.',
    });
    await ada.client.fields.restore.mutate({ projectId, fieldId });
    await ada.client.models.restore.mutate({ projectId, modelId });
    expect(signs((await ada.client.models.get.query({ projectId, modelId })).fields)).toEqual([
      'Name * false',
    ]);
  });
});

describe('collections', () => {
  test('hold fields in order, and models hold collections in order', async () => {
    const { projectId, modelId, fieldIds } = await makeModel(['First', 'Last']);
    const make = async (name: string) => (await ada.client.collections.create.mutate({ projectId, name })).id;
    const [names, dates] = [await make('Names'), await make('Dates')];
    const set = await bob.client.collections.setFields.mutate({
      projectId,
      collectionId: names,
      fields: [{ fieldId: fieldIds[1]!, cardinality: '1' }, { fieldId: fieldIds[0]! }],
    });
    expect(signs(set.fields)).toEqual(['Last 1 true', 'First * false']);
    const composed = await bob.client.models.setCollections.mutate({
      projectId,
      modelId,
      collections: [{ collectionId: dates }, { collectionId: names }],
    });
    expect(composed.collections.map((part) => part.name)).toEqual(['Dates', 'Names']);
    const model = await ada.client.models.get.query({ projectId, modelId });
    expect(model.collections).toEqual(composed.collections);
    const again = await bob.client.models.setCollections.mutate({
      projectId,
      modelId,
      collections: [{ collectionId: dates }, { collectionId: names }],
    });
    expect(again.version).toBe(composed.version);
    const twice = await failureOf(
      ada.client.models.setCollections.mutate({
        projectId,
        modelId,
        collections: [{ collectionId: names }, { collectionId: names }],
      }),
    );
    expect(Object.keys(twice.fields ?? {})).toEqual(['collections.1.collectionId']);
    const inUse = await failureOf(ada.client.collections.delete.mutate({ projectId, collectionId: names }));
    expect(inUse.message).toBe('The collection Names is in use by the model Person.');
    const uses = await ada.client.fields.whereUsed.query({ projectId, fieldId: fieldIds[0]! });
    expect(uses.items).toMatchObject([{ relation: 'part', kind: 'collection', id: names }]);
    expect(
      (await ada.client.collections.whereUsed.query({ projectId, collectionId: names })).items,
    ).toMatchObject([{ relation: 'part', kind: 'model', id: modelId, name: 'Person' }]);
  });
});

describe('the composition of a large model', () => {
  test('is written and read by as many statements as that of a small one', async () => {
    const { projectId, modelId } = await makeModel([]);
    const { rows } = await world.server.tessera.services.reads.query<{ id: string }>(
      `insert into fields (id, project_id, name, identifier)
       select gen_random_uuid(), $1, 'F' || n, 'f' || n from generate_series(1, 400) n returning id`,
      [projectId],
    );
    const fields = rows.map(({ id }) => ({ fieldId: id }));
    async function run(count: number): Promise<number[]> {
      const wanted = fields.slice(0, count);
      const before = countStatements();
      const set = await ada.client.models.setFields.mutate({ projectId, modelId, fields: wanted });
      const written = countStatements();
      const read = await ada.client.models.get.query({ projectId, modelId });
      expect(read.fields).toEqual(set.fields);
      expect(read.fields.map((part) => part.fieldId)).toEqual(wanted.map((part) => part.fieldId));
      return [written - before, countStatements() - written];
    }
    const small = await run(2);
    expect(await run(400)).toEqual(small);
    expect(small[0]).toBeGreaterThan(2);
    expect(small[1]).toBe(1);
  });
});
