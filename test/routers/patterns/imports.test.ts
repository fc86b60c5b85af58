import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView } from '../../../src/views/jobs.ts';
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

const fields =
  '\uFEFFName,ID,Project\r\nTitle,F1,Base A\r\ntitle,F7,Base B\r\n"Note,\r\nlong",F2,Base A\r\n,F3,Base A\r\n';
const models = 'Name,Fields,Cardinalities,Project\nBook,"F1,F2","1,*",Base A\nPaper,F9,,Base A\n';

/** Gives files in pieces of a few characters. */
async function upload(projectId: string, files: { field?: string; model?: string }, size = 20) {
  const { id: importId } = await ada.client.patternImports.create.mutate({ projectId, source: 'Archive' });
  for (const [kind, text] of Object.entries(files) as ['field' | 'model', string][]) {
    const characters = Array.from(text);
    for (let index = 0; index * size < characters.length; index += 1) {
      const content = characters.slice(index * size, (index + 1) * size).join('');
      await ada.client.patternImports.append.mutate({ projectId, importId, kind, index, content });
    }
  }
  return importId;
}

/** Waits for a job by watching it, as a front end does. */
async function finish(job: JobView): Promise<JobView> {
  const projectId = job.projectId ?? '';
  const frames = collectFrames<{ status: string }>((on) =>
    ada.client.jobs.watch.subscribe({ projectId, jobId: job.id }, on),
  );
  await frames.until(({ status }) => ['completed', 'failed', 'cancelled'].includes(status));
  frames.stop();
  return ada.client.jobs.get.query({ projectId, jobId: job.id });
}

const run = async (projectId: string, importId: string, dryRun = false) =>
  finish(await ada.client.patternImports.run.mutate({ projectId, importId, dryRun }));

describe('an import of patterns', () => {
  test('is tried without changing anything, then done as a job, and changes nothing the second time', async () => {
    const projectId = await world.makeProject();
    const importId = await upload(projectId, { field: fields, model: models });
    const tried = await run(projectId, importId, true);
    expect(tried).toMatchObject({ status: 'completed', progress: 100, jobType: 'patterns.import' });
    expect((await ada.client.fields.list.query({ projectId })).items).toEqual([]);
    const frames = collectFrames<{ type: string; payload: { id: string; report: unknown } }>((on) =>
      ada.client.projects.watch.subscribe({ projectId }, on),
    );
    await frames.until((frame) => frame.type === 'snapshot');
    const done = await run(projectId, importId);
    const again = await run(projectId, importId);
    const { runs, ...given } = await ada.client.patternImports.get.query({ projectId, importId });
    expect(given).toMatchObject({ source: 'Archive', sizeBytes: Buffer.byteLength(fields + models) });
    expect(runs.map((one) => [one.id, one.isDryRun])).toEqual([
      [again.id, false],
      [done.id, false],
      [tried.id, true],
    ]);
    const [third, second, first] = runs.map((one) => one.report);
    expect(first).toEqual(second);
    expect(second).toMatchObject({
      field: { read: 4, created: 2, merged: 1, unchanged: 0, rejected: 1 },
      model: { read: 2, created: 1, merged: 0, unchanged: 0, rejected: 1 },
      collection: { read: 0 },
    });
    expect(third).toMatchObject({
      field: { created: 0, merged: 0, unchanged: 3, rejected: 1 },
      model: { created: 0, unchanged: 1, rejected: 1 },
    });
    const event = await frames.until((frame) => frame.type === 'patternImport.completed');
    expect(event.payload).toMatchObject({ id: done.id, report: second });
    frames.stop();

    const [model] = (await ada.client.models.list.query({ projectId })).items;
    const { fields: parts } = await ada.client.models.get.query({ projectId, modelId: model!.id });
    expect(parts.map((part) => [part.identifier, part.name, part.cardinality, part.required])).toEqual([
      [expect.stringMatching(/^F[17]$/), expect.stringMatching(/^title$/i), '1', true],
      ['F2', 'Note, long', '*', false],
    ]);
    const title = await ada.client.fields.get.query({ projectId, fieldId: parts[0]!.fieldId });
    expect(title.metadata).toEqual({ import: { projects: ['Base A', 'Base B'] } });
    expect(title.originalData?.rows.map((row) => row.row)).toEqual([
      { Name: 'Title', ID: 'F1', Project: 'Base A' },
      { Name: 'title', ID: 'F7', Project: 'Base B' },
    ]);
    expect(title).toMatchObject({ authorId: ada.id, version: 1 });
    const { items: history } = await ada.client.fields.history.query({ projectId, fieldId: title.id });
    expect(history.map((one) => [one.action, one.actor?.id, one.state['originalRows']])).toEqual([
      ['create', ada.id, 2],
    ]);

    const rejections = async (limit: number, cursor?: string | null) =>
      ada.client.patternImports.rejections.query({ projectId, runId: done.id, limit, cursor });
    const page = await rejections(1);
    expect(page.items).toEqual([{ kind: 'field', line: 6, reason: 'it has no name' }]);
    expect(await rejections(1, page.nextCursor)).toEqual({
      items: [{ kind: 'model', line: 3, reason: 'the field F9 is not known' }],
      nextCursor: null,
    });
    expect((await failureOf(rejections(1, 'nonsense'))).code).toBe('CURSOR_INVALID');
    const { items: audits } = await ada.client.audit.list.query({ projectId, entityType: 'pattern_imports' });
    expect(audits.map((one) => one.action).toSorted()).toEqual(['create', 'import', 'import']);
  });

  test('by two at once makes each pattern once', async () => {
    const projectId = await world.makeProject();
    const [one, two] = [
      await upload(projectId, { field: fields }),
      await upload(projectId, { field: fields }),
    ];
    const jobs = await Promise.all([run(projectId, one), run(projectId, two)]);
    expect(jobs.map((job) => job.status)).toEqual(['completed', 'completed']);
    expect((await ada.client.fields.list.query({ projectId })).items).toHaveLength(2);
  });

  test('of a file that cannot be read fails the job with what is wrong, and imports nothing', async () => {
    const projectId = await world.makeProject();
    const importId = await upload(projectId, { field: fields, model: 'Name\n"open' });
    const job = await run(projectId, importId);
    expect(job).toMatchObject({
      status: 'failed',
      error: {
        code: 'IMPORT_UNREADABLE',
        message: 'The model file cannot be read: a quote after line 2 is never closed.',
      },
    });
    expect((await ada.client.fields.list.query({ projectId })).items).toEqual([]);
    const { runs } = await ada.client.patternImports.get.query({ projectId, importId });
    expect(runs).toMatchObject([{ report: null }]);
  });

  test('brings back what was deleted, whose old self then cannot come back beside it', async () => {
    const projectId = await world.makeProject();
    const importId = await upload(projectId, { field: 'Name\nTitle\n' });
    await run(projectId, importId);
    const [first] = (await ada.client.fields.list.query({ projectId })).items;
    await ada.client.fields.delete.mutate({ projectId, fieldId: first!.id });
    await run(projectId, importId);
    const [second] = (await ada.client.fields.list.query({ projectId })).items;
    expect(second).toMatchObject({ name: 'Title', identifier: 'title' });
    await ada.client.fields.update.mutate({ projectId, fieldId: second!.id, identifier: 'other' });
    const failure = await failureOf(ada.client.fields.restore.mutate({ projectId, fieldId: first!.id }));
    expect(failure).toMatchObject({
      code: 'CONFLICT',
      message:
        'This contradicts what is stored: a pattern that was imported from the same rows is there already.',
    });
  });

  test('takes each piece once, in any order, and runs only when none is missing', async () => {
    const projectId = await world.makeProject();
    const { id: importId } = await ada.client.patternImports.create.mutate({ projectId });
    const give = (index: number, content: string) =>
      ada.client.patternImports.append.mutate({ projectId, importId, kind: 'field', index, content });
    const start = () => ada.client.patternImports.run.mutate({ projectId, importId });
    expect((await failureOf(start())).message).toContain('it has no file');
    expect(await give(1, 'Title\n')).toEqual({ sizeBytes: 6 });
    expect((await failureOf(start())).message).toBe(
      'The import cannot run: 1 of the chunks of the field file are missing.',
    );
    expect(await give(1, 'Title\n')).toEqual({ sizeBytes: 6 });
    expect((await failureOf(give(1, 'Other\n'))).code).toBe('IMPORT_CHUNK_CLASH');
    await Promise.all([give(0, 'Name\n'), give(0, 'Name\n')]);
    expect((await finish(await start())).status).toBe('completed');
    expect((await ada.client.fields.list.query({ projectId })).items).toHaveLength(1);
    expect(Object.keys((await failureOf(give(2, 'a\0b'))).fields ?? {})).toEqual(['content']);
    expect((await failureOf(give(2, 'x'.repeat(256 * 1024 + 1)))).code).toBe('BAD_INPUT');
  });

  test('is for developers, and stays in its project', async () => {
    const [projectId, other] = [await world.makeProject(), await world.makeProject()];
    const importId = await upload(projectId, { field: fields });
    expect((await failureOf(bob.client.patternImports.create.mutate({ projectId }))).code).toBe('FORBIDDEN');
    expect((await failureOf(bob.client.patternImports.run.mutate({ projectId, importId }))).code).toBe(
      'FORBIDDEN',
    );
    expect((await bob.client.patternImports.list.query({ projectId })).items.map((one) => one.id)).toEqual([
      importId,
    ]);
    const { patternImports } = ada.client;
    const wrong = { projectId: other, importId };
    const calls = [
      patternImports.get.query(wrong),
      patternImports.run.mutate(wrong),
      patternImports.append.mutate({ ...wrong, kind: 'field', index: 9, content: 'x' }),
      patternImports.rejections.query({ projectId: other, runId: randomUUID() }),
    ];
    const codes = await Promise.all(calls.map(async (call) => (await failureOf(call)).code));
    expect(new Set(codes)).toEqual(new Set(['NOT_FOUND']));
    expect((await patternImports.list.query({ projectId: other })).items).toEqual([]);
  });
});

describe('the project for shared patterns', () => {
  test('is made once for each person, also when two ask at once', async () => {
    const open = () => eve.client.patternImports.openShared.mutate();
    const [one, two] = await Promise.all([open(), open()]);
    expect(one).toMatchObject({ name: 'Shared Patterns', ownerId: eve.id, visibility: 'private' });
    expect(two.id).toBe(one.id);
    expect((await open()).id).toBe(one.id);
    expect((await ada.client.patternImports.openShared.mutate()).id).not.toBe(one.id);
  });

  test('of an organization is made by its owners, and opened by its members', async () => {
    const { id: organizationId } = await ada.client.organizations.create.mutate({
      name: 'Museum',
      username: `museum-${randomUUID().slice(0, 8)}`,
    });
    await ada.client.organizations.addMember.mutate({ organizationId, actorId: bob.id });
    const open = (person: Person) => person.client.patternImports.openShared.mutate({ organizationId });
    expect((await failureOf(open(bob))).code).toBe('FORBIDDEN');
    expect((await failureOf(open(eve))).code).toBe('NOT_FOUND');
    const shared = await open(ada);
    expect(shared).toMatchObject({ name: 'Shared Patterns', ownerId: organizationId });
    expect((await open(bob)).id).toBe(shared.id);
    const { items } = await ada.client.members.list.query({ projectId: shared.id });
    expect(items).toMatchObject([{ actor: { id: organizationId }, role: 'owner' }]);
    await bob.client.patternImports.create.mutate({ projectId: shared.id });
    await ada.client.organizations.removeMember.mutate({ organizationId, actorId: bob.id });
    expect((await failureOf(bob.client.patternImports.list.query({ projectId: shared.id }))).code).toBe(
      'NOT_FOUND',
    );
  });
});
