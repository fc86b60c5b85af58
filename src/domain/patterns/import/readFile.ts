import type { PatternKind } from '../../../entities/patterns/patternKinds.ts';
import { fail } from '../../../errors.ts';
import { findColumns, nameHeaders } from './columns.ts';
import type { ImportRow, RejectedRow } from './ImportRow.ts';
import { type CsvRecord, readCsv } from './readCsv.ts';
import { Fault, readRow } from './readRow.ts';

/** Cells of one file: they are all in memory while it is imported. */
const mostCells = 5_000_000;

export interface ReadFile {
  rows: ImportRow[];
  rejected: RejectedRow[];
}

function readHeader(kind: PatternKind, source: string, header: CsvRecord) {
  const columns = findColumns(header.cells);
  if (columns.name === undefined) {
    const found = header.cells.slice(0, 20).join(', ').slice(0, 200);
    fail('IMPORT_UNREADABLE', { kind, reason: `it has no column Name; it begins with the columns ${found}` });
  }
  return { headers: nameHeaders(header.cells), columns, source };
}

/**
 * Reads a file of patterns that comes in pieces.
 * @param file.source the project of rows that do not name one
 * @throws IMPORT_UNREADABLE when it is no CSV with a header that has a column Name, or has too many cells.
 */
export async function readFile(file: {
  kind: PatternKind;
  chunks: Iterable<string>;
  source: string;
}): Promise<ReadFile> {
  const { kind } = file;
  const result: ReadFile = { rows: [], rejected: [] };
  let shape: ReturnType<typeof readHeader> | undefined;
  for await (const record of readCsv(kind, file.chunks)) {
    if (!shape) {
      shape = readHeader(kind, file.source, record);
      continue;
    }
    const read = result.rows.length + result.rejected.length + 1;
    if (read * shape.headers.length > mostCells)
      fail('IMPORT_UNREADABLE', { kind, reason: `it has more than ${mostCells} cells` });
    try {
      result.rows.push(readRow(kind, shape, record));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      result.rejected.push({ kind, line: record.line, reason: error.message });
    }
  }
  return result;
}
