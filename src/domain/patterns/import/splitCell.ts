import { parse } from 'csv-parse/sync';

/** The values of a cell that holds several, as Airtable writes them: by commas, with quotes where a value has one. */
export function splitCell(cell: string): string[] {
  const values = cell.includes('"') ? splitQuoted(cell) : cell.split(/[,\r\n]/);
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

function splitQuoted(cell: string): string[] {
  try {
    const records = parse(cell, { relax_quotes: true, relax_column_count: true, trim: true });
    return (records as string[][]).flat();
  } catch {
    // A lone quote is part of a value then.
    return cell.split(',');
  }
}
