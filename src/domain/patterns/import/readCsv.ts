import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CsvError, type Options, parse } from 'csv-parse';
import { fail } from '../../../errors.ts';

/** A record of a file; `line` is where it begins, from 1. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

const options: Options = {
  bom: true,
  raw: true,
  // Files of several systems, joined, end their lines in several ways.
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: 2 ** 20,
};

const breaks = /\r\n|\n|\r/g;
const countBreaks = (text: string) => text.match(breaks)?.length ?? 0;

/** Between two pieces whoever else this process serves has a turn. */
async function* unhurried(chunks: Iterable<string>): AsyncGenerator<string> {
  for (const chunk of chunks) {
    yield chunk;
    await nextTurn();
  }
}

/**
 * Reads CSV (RFC 4180) that comes in pieces, cut anywhere: with or without a byte order mark, quoted cells
 * with line breaks in them, lines that end in CR, LF or both. A quote inside a cell that does not begin with
 * one is part of the cell. The header is the first record.
 * @throws IMPORT_UNREADABLE for a quote that is never closed and for a record of more than 2^20 characters.
 */
export async function* readCsv(kind: string, chunks: Iterable<string>): AsyncGenerator<CsvRecord> {
  let line = 1;
  const parser = Readable.from(unhurried(chunks)).pipe(parse(options));
  try {
    for await (const item of parser as AsyncIterable<{ record: string[]; raw: string }>) {
      const blank = /^[\r\n]+/.exec(item.raw)?.[0] ?? '';
      yield { line: line + countBreaks(blank), cells: item.record };
      line += countBreaks(item.raw);
    }
  } catch (error) {
    const code = error instanceof Error ? (error as CsvError).code : undefined;
    if (code === 'CSV_QUOTE_NOT_CLOSED')
      fail('IMPORT_UNREADABLE', { kind, reason: `a quote after line ${line} is never closed` });
    if (code === 'CSV_MAX_RECORD_SIZE')
      fail('IMPORT_UNREADABLE', {
        kind,
        reason: `the record at line ${line} is too long, or a quote there is never closed`,
      });
    throw error;
  }
}
