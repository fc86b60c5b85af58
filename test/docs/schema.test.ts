import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findHome } from '../../src/schemaPage/findHome.ts';
import { movedColumns, movedTables } from '../../src/schemaPage/homes.ts';
import { type Table, readTables } from '../../src/schemaPage/readTables.ts';
import { renderSchema } from '../../src/schemaPage/renderSchema.ts';
import { seedColumns } from '../../src/schemaPage/seedColumns.ts';

let tables: Map<string, Table>;
beforeAll(async () => {
  tables = new Map((await readTables()).map((table) => [table.name, table]));
});

const designed = Object.values(seedColumns).flatMap((design) =>
  Object.entries(design).map(([table, text]) => ({ table, columns: text === '' ? [] : text.split(' ') })),
);

describe('docs/schema.md', () => {
  test('is what npm run docs would write', async () => {
    const page = await readFile(new URL('../../docs/schema.md', import.meta.url), 'utf8');
    expect(page).toBe(await renderSchema());
  });

  test('knows a home that exists for every table and column of the five designs', () => {
    const homeless = designed.flatMap(({ table, columns }) =>
      [undefined, ...columns]
        .filter((column) => !findHome(tables, table, column).exists)
        .map((column) => (column ? `${table}.${column}` : table)),
    );
    expect(homeless).toEqual([]);
    expect(designed.flatMap(({ columns }) => columns).length).toBeGreaterThan(350);
  });

  test('explains no move of what no design has', () => {
    const known = new Map<string, Set<string>>();
    for (const { table, columns } of designed)
      known.set(table, new Set([...(known.get(table) ?? []), ...columns]));
    expect(Object.keys(movedTables).filter((table) => !known.has(table))).toEqual([]);
    const moved = Object.entries(movedColumns).flatMap(([table, columns]) =>
      Object.keys(columns).map((column) => [table, column] as const),
    );
    expect(moved.filter(([table, column]) => !known.get(table)?.has(column))).toEqual([]);
  });

  test('draws every table in an area of its own', async () => {
    const page = await renderSchema();
    for (const name of tables.keys()) expect(page).toContain(`\n  ${name} {\n`);
  });
});
