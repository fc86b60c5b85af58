import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findColumns, nameHeaders } from '../../../src/domain/patterns/import/columns.ts';
import { readCsv } from '../../../src/domain/patterns/import/readCsv.ts';
import { splitCell } from '../../../src/domain/patterns/import/splitCell.ts';

const read = async (...chunks: string[]) => {
  const records: [number, string[]][] = [];
  for await (const { line, cells } of readCsv('field', chunks)) records.push([line, cells]);
  return records;
};

/** CSV as RFC 4180 has it: every cell quoted. */
const write = (rows: readonly (readonly string[])[], end: string) =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',') + end).join('');

describe('CSV', () => {
  test('is read with byte order mark, quoted line breaks, quotes, and the line where each record begins', async () => {
    const text = '\uFEFFName,Notes\r\na,"two\r\nlines"\r\n\r\nb,"say ""x"""\r\n"c,d",\r\n';
    expect(await read(text)).toEqual([
      [1, ['Name', 'Notes']],
      [2, ['a', 'two\r\nlines']],
      [5, ['b', 'say "x"']],
      [6, ['c,d', '']],
    ]);
  });

  test.each(['\n', '\r\n', '\r'])('may end its lines in %j, and the last may lack it', async (end) => {
    expect(await read(`a,b${end}1,2${end}3,4`)).toEqual([
      [1, ['a', 'b']],
      [2, ['1', '2']],
      [3, ['3', '4']],
    ]);
  });

  test('of several systems, joined, is read line by line', async () => {
    expect(await read('a,b\r\n1,2\n3,4\r5,6')).toEqual([
      [1, ['a', 'b']],
      [2, ['1', '2']],
      [3, ['3', '4']],
      [4, ['5', '6']],
    ]);
  });

  test('with stray quotes keeps them', async () => {
    expect(await read('a,b\nx,6" tall\ny,z\n')).toEqual([
      [1, ['a', 'b']],
      [2, ['x', '6" tall']],
      [3, ['y', 'z']],
    ]);
  });

  test('with a quote that is never closed is refused, with the line', async () => {
    await expect(read('a,b\n1,2\nx,"never closed\ny,z\n')).rejects.toMatchObject({
      errorCode: 'IMPORT_UNREADABLE',
      message: 'The field file cannot be read: a quote after line 3 is never closed.',
    });
  });

  test('of nothing has no record', async () => {
    expect(await read()).toEqual([]);
    expect(await read('')).toEqual([]);
    expect(await read('\uFEFF\r\n\r\n')).toEqual([]);
  });

  test('gives back whatever was written, wherever it is cut', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '漢', '😀'),
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 4 })
          .chain((width) =>
            fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
          ),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(200), { maxLength: 6 }),
        async (rows, end, cuts) => {
          const characters = Array.from(write(rows, end));
          const at = [...new Set([0, ...cuts, characters.length])]
            .filter((cut) => cut <= characters.length)
            .toSorted((a, b) => a - b);
          const chunks = at.slice(1).map((cut, index) => characters.slice(at[index], cut).join(''));
          const records = await read(...chunks);
          expect(records.map(([, cells]) => cells)).toEqual(rows);
          const lineOf = (index: number) =>
            1 + (write(rows.slice(0, index), end).match(/\r\n|\n|\r/g)?.length ?? 0);
          expect(records.map(([line]) => line)).toEqual(rows.map((_, index) => lineOf(index)));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a cell with several values', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a, b,,c ', ['a', 'b', 'c']],
    ['"Name, first",Title', ['Name, first', 'Title']],
    ['"say ""x""", y', ['say "x"', 'y']],
    ['6" tall, y', ['6" tall', 'y']],
    ['a\nb', ['a', 'b']],
    ['"open', ['"open']],
  ])('%j holds %j', (cell, values) => {
    expect(splitCell(cell)).toEqual(values);
  });
});

describe('columns', () => {
  test('are found by their names in any spelling, the first choice first', () => {
    expect(findColumns(['ID', 'Field Name', 'rdf_type', 'Ontology Path', 'URI', 'Scope note'])).toEqual({
      identifier: 0,
      name: 1,
      rdfType: 2,
      ontologyPath: 3,
      uri: 4,
      description: 5,
    });
    expect(findColumns(['Label', 'Name'])).toEqual({ name: 1 });
    expect(findColumns(['x', ''])).toEqual({});
  });

  test('without a name of their own, or with another’s, get one', () => {
    expect(nameHeaders(['Notes', '', 'Notes', '__proto__', 'Notes (2)'])).toEqual([
      'Notes',
      'Column 2',
      'Notes (2)',
      'Column 4',
      'Notes (2) (2)',
    ]);
  });
});
