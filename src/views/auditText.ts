import type { AuditLogView } from './audit.ts';

export type AuditFormat = 'csv' | 'json';

const columns = [
  'id',
  'createdAt',
  'actorId',
  'action',
  'entityType',
  'entityId',
  'changes',
  'via',
  'requestId',
  'projectId',
] as const satisfies readonly (keyof AuditLogView)[];

/** Spreadsheets run what begins like this, be it in quotes or not; an apostrophe makes it text. */
const formula = /^[=+\-@\t\r\n|%]/;

function writeCell(value: unknown): string {
  if (value === null) return '';
  const text =
    value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : JSON.stringify(value);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const writeLine = (cells: readonly unknown[]) => `${cells.map(writeCell).join(',')}\r\n`;

/**
 * Lines of the audit log as text: CSV (RFC 4180), or one JSON object a line.
 * @param isFirst CSV begins with the names of its columns.
 */
export function writeAudit(rows: readonly AuditLogView[], format: AuditFormat, isFirst: boolean): string {
  if (format === 'json') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const header = isFirst ? writeLine(columns) : '';
  return header + rows.map((row) => writeLine(columns.map((column) => row[column]))).join('');
}
