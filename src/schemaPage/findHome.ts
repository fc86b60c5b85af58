import { movedColumns, movedTables } from './homes.ts';
import type { Table } from './readTables.ts';

/** Where something of a design lives; `why` where it moved. */
export interface FoundHome {
  /** As the design names it; undefined: the table itself. */
  column: string | undefined;
  home: string;
  why: string;
  exists: boolean;
}

/** Where a table of a design lives, or one of its columns. */
export function findHome(tables: ReadonlyMap<string, Table>, table: string, column?: string): FoundHome {
  const moved = movedTables[table];
  const home = moved?.table ?? table;
  const why = moved?.why ?? '';
  if (column === undefined) return { column, home, why, exists: tables.has(home) };
  const other = movedColumns[table]?.[column];
  const [tableName = '', columnName = ''] = (other?.home ?? `${home}.${column}`).split('.');
  return {
    column,
    home: `${tableName}.${columnName}`,
    why: other?.why ?? why,
    exists: tables.get(tableName)?.columns.some(({ name }) => name === columnName) ?? false,
  };
}
