import type { PatternKind } from '../../../entities/patterns/patternKinds.ts';
import type { ColumnName } from './columns.ts';
import type { ImportRow, NamedPart } from './ImportRow.ts';
import { md5Of } from './normalizeKey.ts';
import { parseCardinality } from './readCardinalities.ts';
import { splitCell } from './splitCell.ts';

const longestDescription = 20_000;
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/u;

/** Why a row is rejected; caught by whoever reads the file. */
export class Fault extends Error {
  override name = 'Fault';
}

/** A value of one line: white space of any kind is a single space. */
function readLine(label: string, cell: string, most: number): string {
  const text = cell.replaceAll(/\s+/gu, ' ').trim();
  if (/\p{Cc}/u.test(text)) throw new Fault(`${label} holds control characters`);
  if (Array.from(text).length > most) throw new Fault(`${label} is longer than ${most} characters`);
  return text;
}

function readParts(fields: string, cardinalities: string): NamedPart[] {
  const references = splitCell(fields);
  const signs = splitCell(cardinalities);
  if (signs.length > 0 && signs.length !== references.length) {
    throw new Fault(`it names ${references.length} fields and ${signs.length} cardinalities`);
  }
  return references.map((reference, index) => {
    const sign = signs[index];
    const cardinality = sign === undefined ? '*' : parseCardinality(sign);
    if (!cardinality) throw new Fault(`${sign} is no cardinality: use 1, ?, + or *`);
    return { reference, cardinality };
  });
}

/** The row with its cells by header, and a hash that does not depend on the order of its columns. */
function keepRow(
  headers: readonly string[],
  cells: readonly string[],
  project: string,
): Pick<ImportRow, 'row' | 'hash'> {
  const entries = headers.map((header, index) => [header, cells[index] ?? ''] as const);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { row: Object.fromEntries(entries), hash: md5Of([project, sorted]) };
}

/**
 * Reads one record.
 * @param file.source the project of rows that do not name one
 * @throws Fault that says why it cannot be imported.
 */
export function readRow(
  kind: PatternKind,
  file: { headers: readonly string[]; columns: Partial<Record<ColumnName, number>>; source: string },
  { line, cells }: { line: number; cells: readonly string[] },
): ImportRow {
  const { headers, columns } = file;
  if (cells.length !== headers.length)
    throw new Fault(`it has ${cells.length} cells, and the header has ${headers.length}`);
  const cell = (column: ColumnName) => cells[columns[column] ?? -1] ?? '';
  const name = readLine('its name', cell('name'), 255);
  if (name === '') throw new Fault('it has no name');
  const description = cell('description').replaceAll(/\r\n?/g, '\n').trim();
  if (Buffer.byteLength(description) > longestDescription)
    throw new Fault(`its description is longer than ${longestDescription} bytes`);
  const uri = readLine('its URI', cell('uri'), 500);
  if (uri !== '' && !absoluteUri.test(uri)) throw new Fault(`${uri} is not a full URI`);
  const project = readLine('the name of its project', cell('project'), 255) || file.source;
  return {
    kind,
    line,
    project,
    ...keepRow(headers, cells, project),
    name,
    identifier: readLine('its identifier', cell('identifier'), 255).replaceAll(' ', '-') || null,
    description,
    uri: uri || null,
    rdfType: readLine('its RDF type', cell('rdfType'), 255) || null,
    ontologyPath: readLine('its ontology path', cell('ontologyPath'), 500) || null,
    category: readLine('its category', cell('category'), 255) || null,
    fields: kind === 'field' ? [] : readParts(cell('fields'), cell('cardinalities')),
    collections: kind === 'model' ? splitCell(cell('collections')) : [],
  };
}
