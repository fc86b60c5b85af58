import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportResult } from '../../../src/domain/patterns/import/runImport.ts';
import { patternKinds } from '../../../src/entities/patterns/patternKinds.ts';
import { type ImportWorld, type Table, type Tables, openImportWorld } from '../../support/importWorld.ts';

let world: ImportWorld;
beforeAll(async () => {
  world = await openImportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const header = ['Name', 'ID', 'Description', 'RDF Type', 'Ontology Path', 'URI', 'Category', 'Project'];
const table = (...rows: string[][]): Table => ({ header, rows });
const row = (name: string, more: Partial<Record<string, string>> = {}) =>
  header.map((column) => (column === 'Name' ? name : (more[column] ?? '')));

interface Described {
  kind: string;
  identifier: string;
  name: string;
  metadata: { import: { projects: string[] } };
  original_data: { rows: { project: string; row: Record<string, string> }[] };
  fields: string[] | null;
  collections: string[] | null;
  category: string | null;
}
const describeAll = async (projectId: string) => (await world.describe(projectId)) as Described[];

describe('an import', () => {
  test('makes one pattern of rows that say the same, and keeps every row with its project', async () => {
    const projectId = await world.newProject();
    const { report } = await world.run(projectId, {
      field: table(
        row('Title', { 'RDF Type': 'E35', Project: 'Base A', ID: 'A.1', Category: 'Names' }),
        row('  TITLE ', { 'RDF Type': 'e35', Project: 'Base B', ID: 'B.7' }),
        row('Title', { 'RDF Type': 'E41', Project: 'Base A', ID: 'A.2' }),
      ),
    });
    expect(report.field).toEqual({ read: 3, created: 2, merged: 1, unchanged: 0, rejected: 0 });
    const patterns = await describeAll(projectId);
    const shared = patterns.find((one) => one.original_data.rows.length === 2);
    expect(shared?.metadata).toEqual({ import: { projects: ['Base A', 'Base B'] } });
    expect(shared?.original_data.rows.map((one) => [one.project, one.row['ID'], one.row['Name']])).toEqual([
      ['Base A', 'A.1', 'Title'],
      ['Base B', 'B.7', '  TITLE '],
    ]);
  });

  test('composes collections and models of what their project calls so, by identifier or name', async () => {
    const projectId = await world.newProject();
    const { report, rejected } = await world.run(projectId, {
      field: table(
        row('Title', { ID: 'F1', Project: 'A' }),
        row('Note, long', { ID: 'F2', Project: 'A' }),
        row('Other title', { ID: 'F1', Project: 'B' }),
      ),
      collection: {
        header: ['Name', 'ID', 'Fields', 'Project'],
        rows: [['Texts', 'C1', '"Note, long",F1', 'A']],
      },
      model: {
        header: ['Name', 'Fields', 'Cardinalities', 'Collections', 'Project'],
        rows: [
          ['Book', 'F1, "Note, long"', '1..1, 0..n', 'C1', 'A'],
          ['Book', 'F1', '+', '', 'B'],
        ],
      },
    });
    expect(rejected).toEqual([]);
    expect(report.model.created).toBe(2);
    const patterns = await describeAll(projectId);
    expect(
      patterns.filter((one) => one.kind !== 'field').map((one) => [one.kind, one.fields, one.collections]),
    ).toEqual(
      expect.arrayContaining([
        ['collection', ['F2 * false', 'F1 * false'], null],
        ['model', ['F1 1 true', 'F2 * false'], ['C1']],
        ['model', ['F1-2 + true'], null],
      ]),
    );
  });

  test.each([
    ['no name', ['', 'x', '', '', '', '', '', ''], 'it has no name'],
    ['too few cells', ['Title'], 'it has 1 cells, and the header has 8'],
    ['a bad URI', row('Title', { URI: 'here' }), 'here is not a full URI'],
    ['a name that is too long', row('x'.repeat(256)), 'its name is longer than 255 characters'],
    [
      'a description that is too long',
      row('T', { Description: 'é'.repeat(10_001) }),
      'its description is longer than 20000 bytes',
    ],
    ['control characters', row('T\u0007'), 'its name holds control characters'],
  ])('rejects a row with %s, with its line and why', async (_, bad, reason) => {
    const projectId = await world.newProject();
    const good = row('Good');
    const { report, rejected } = await world.run(projectId, { field: table(good, bad, row('Fine')) });
    expect(rejected).toEqual([{ kind: 'field', line: 3, reason }]);
    expect(report.field).toEqual({ read: 3, created: 2, merged: 0, unchanged: 0, rejected: 1 });
  });

  test('rejects a row that refers to what is not known, to two things, or to one in two ways', async () => {
    const projectId = await world.newProject();
    const { rejected } = await world.run(projectId, {
      field: table(
        row('Title', { ID: 'F1', 'RDF Type': 'a' }),
        row('Title', { ID: 'F2', 'RDF Type': 'b' }),
        row('Note', { ID: 'F3' }),
        row('note', { ID: 'F4' }),
      ),
      model: {
        header: ['Name', 'Fields', 'Cardinalities'],
        rows: [
          ['A', 'F9', ''],
          ['B', 'Title', ''],
          ['C', 'F1,F2', '1'],
          ['D', 'F1', '7'],
          ['E', 'F3,F4', '1,*'],
          ['F', 'F3,F4', '1,1'],
        ],
      },
    });
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'the field F9 is not known'],
      [3, 'the field Title names more than one'],
      [4, 'it names 2 fields and 1 cardinalities'],
      [5, '7 is no cardinality: use 1, ?, + or *'],
      [6, 'the field F4 is there twice, with the cardinalities 1 and *'],
    ]);
  });

  test('takes what is there already for what rows refer to, and goes around its identifiers', async () => {
    const projectId = await world.newProject();
    await world.database.reads.query(
      `insert into fields (id, project_id, name, identifier) values (gen_random_uuid(), $1, 'Made by hand', 'title')`,
      [projectId],
    );
    await world.run(projectId, {
      field: table(row('Title')),
      model: { header: ['Name', 'Fields'], rows: [['M', 'title']] },
    });
    const later = await world.run(projectId, {
      model: { header: ['Name', 'Fields'], rows: [['N', 'Title']] },
    });
    expect(later.rejected).toEqual([]);
    const patterns = await describeAll(projectId);
    expect(patterns.map((one) => [one.kind, one.identifier, one.name, one.fields])).toEqual([
      ['field', 'title', 'Made by hand', null],
      ['field', 'title-2', 'Title', null],
      ['model', 'm', 'M', ['title-2 * false']],
      ['model', 'n', 'N', ['title-2 * false']],
    ]);
  });

  test('leaves alone what people changed of a pattern since, and brings back what they deleted', async () => {
    const projectId = await world.newProject();
    const files = { field: table(row('Title'), row('Note')) };
    await world.run(projectId, files);
    const { reads } = world.database;
    await reads.query(`update fields set name = 'My title' where project_id = $1 and name = 'Title'`, [
      projectId,
    ]);
    await reads.query(`update fields set deleted_at = now() where project_id = $1 and name = 'Note'`, [
      projectId,
    ]);
    const { report } = await world.run(projectId, files);
    expect(report.field).toMatchObject({ created: 1, merged: 0, unchanged: 1 });
    expect((await describeAll(projectId)).map((one) => one.name).toSorted()).toEqual(['My title', 'Note']);
  });

  test('of a file that is no table of patterns is refused, and says what it found', async () => {
    const projectId = await world.newProject();
    await expect(world.run(projectId, { field: 'Colour,Size\nred,1\n' })).rejects.toMatchObject({
      errorCode: 'IMPORT_UNREADABLE',
      message:
        'The field file cannot be read: it has no column Name; it begins with the columns Colour, Size.',
    });
  });
});

describe('whatever is imported', () => {
  const spelling = (name: string) =>
    fc.constantFrom(
      name,
      name.toUpperCase(),
      ` ${name}  `,
      name.replaceAll('a', 'ａ'),
      name.replace(' ', '\t'),
    );
  const name = fc.constantFrom('title a', 'note', 'birth date', 'Name').chain(spelling);
  const project = fc.constantFrom('', 'Base A', 'base a', 'Base B');
  const identifier = fc.constantFrom('', 'F1', 'F2', 'F3', 'f3', 'title-a', 'F1-2');
  const fieldRow = fc.tuple(
    name,
    identifier,
    fc.constantFrom('', 'one', 'two'),
    fc.constantFrom('', 'E35', 'e35 '),
    fc.constantFrom('', 'p1'),
    fc.constantFrom('', '', 'urn:x', 'nonsense'),
    fc.constantFrom('', 'Names', 'NAMES', 'Dates'),
    project,
  );
  const references = fc
    .array(fc.constantFrom('F1', 'F2', 'F3', 'title a', 'note', 'nothing'), { maxLength: 3 })
    .map((list) => list.join(', '));
  const collectionRow = fc.tuple(name, fc.constantFrom('', 'C1', 'C2'), references, project);
  const modelRow = fc.tuple(
    name,
    references,
    fc.constantFrom('', '', '1', '+, *'),
    fc.constantFrom('', 'C1', 'C2, note'),
    project,
  );
  const files = fc.record({
    field: fc.array(fieldRow, { maxLength: 12 }).map((rows): Table => ({ header, rows })),
    collection: fc
      .array(collectionRow, { maxLength: 5 })
      .map((rows): Table => ({ header: ['Name', 'ID', 'Fields', 'Project'], rows })),
    model: fc.array(modelRow, { maxLength: 6 }).map((rows): Table => ({
      header: ['Name', 'Fields', 'Cardinalities', 'Collections', 'Project'],
      rows,
    })),
  });
  const shuffled = (of: Table) =>
    fc
      .tuple(
        fc.shuffledSubarray(of.rows, { minLength: of.rows.length, maxLength: of.rows.length }),
        fc.shuffledSubarray(of.header, { minLength: of.header.length, maxLength: of.header.length }),
      )
      .map(([rows, columns]): Table => ({
        header: columns,
        rows: rows.map((cells) => columns.map((column) => cells[of.header.indexOf(column)] ?? '')),
      }));

  function expectBalance({ report, rejected }: ImportResult, given: Tables): void {
    for (const kind of patternKinds) {
      const { read, created, merged, unchanged, rejected: refused } = report[kind];
      expect(read).toBe(given[kind]?.rows.length);
      expect(created + merged + unchanged + refused).toBe(read);
      expect(rejected.filter((one) => one.kind === kind)).toHaveLength(refused);
    }
  }

  test('the report balances, a dry run tells the same, and a second import changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const projectId = await world.newProject();
        const dry = await world.run(projectId, given, { isDryRun: true });
        expect(await world.describe(projectId)).toEqual([]);
        const first = await world.run(projectId, given);
        expectBalance(first, given);
        expect(first).toEqual(dry);
        const once = await world.describe(projectId);
        const second = await world.run(projectId, given);
        expectBalance(second, given);
        expect(await world.describe(projectId)).toEqual(once);
        for (const kind of patternKinds) {
          const { read, rejected } = first.report[kind];
          expect(second.report[kind]).toEqual({
            read,
            created: 0,
            merged: 0,
            unchanged: read - rejected,
            rejected,
          });
        }
        expect(second.report.categoriesCreated).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test('neither the order of the rows nor that of the columns matters', async () => {
    const both = files.chain((given) =>
      fc
        .record({
          field: shuffled(given.field),
          collection: shuffled(given.collection),
          model: shuffled(given.model),
        })
        .map((other) => [given, other] as const),
    );
    await fc.assert(
      fc.asyncProperty(both, async ([given, other]) => {
        const [one, two] = [await world.newProject(), await world.newProject()];
        const [first, second] = [await world.run(one, given), await world.run(two, other)];
        expect(second.report).toEqual(first.report);
        expect(await world.describe(two)).toEqual(await world.describe(one));
      }),
      { numRuns: 25 },
    );
  });

  test('what is imported in parts is what is imported at once, but for whose words are taken', async () => {
    const shape = (patterns: Described[]) =>
      patterns
        .map((one) => [one.kind, one.original_data.rows.map((kept) => kept.row), one.metadata])
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    await fc.assert(
      fc.asyncProperty(fc.array(fieldRow, { maxLength: 12 }), fc.nat(12), async (rows, cut) => {
        const [one, two] = [await world.newProject(), await world.newProject()];
        await world.run(one, { field: { header, rows } });
        await world.run(two, { field: { header, rows: rows.slice(0, cut) } });
        await world.run(two, { field: { header, rows: rows.slice(cut) } });
        expect(shape(await describeAll(two))).toEqual(shape(await describeAll(one)));
      }),
      { numRuns: 15 },
    );
  });
});
