/** Keyset paging: lists take `{ cursor?, limit? }` and return `{ items, nextCursor }`. */
import { z } from 'zod';
import { fail } from '../errors.ts';

/** What every list takes. */
export const page = {
  cursor: z.string().max(200).nullish().describe('nextCursor of the page before'),
  limit: z.number().int().min(1).max(200).default(50),
};

export interface Page<T> {
  items: T[];
  /** Give it back as `cursor` for the next page; null: this was the last. */
  nextCursor: string | null;
}

/** Where a page ended: the moment and id of its last row. */
export interface Position {
  createdAt: Date;
  id: string;
}

/** Reads a cursor. @throws CURSOR_INVALID when it is none of ours. */
export function readCursor(cursor: string | null | undefined): Position | null {
  if (!cursor) return null;
  const [milliseconds, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const createdAt = new Date(Number(milliseconds));
  // NaN is not either. Nothing was made before 1970, and PostgreSQL knows no times as early as JavaScript does.
  const isMoment = createdAt.getTime() >= 0;
  if (!z.uuid().safeParse(id).success || !milliseconds || !isMoment) return fail('CURSOR_INVALID');
  return { createdAt, id: id as string };
}

export function writeCursor(position: Position): string {
  return Buffer.from(`${position.createdAt.getTime()} ${position.id}`).toString('base64url');
}

/** Makes a page of `limit` out of up to `limit + 1` rows; the row too many says that there is a next page. */
export function toPage<R extends Position, T>(rows: R[], limit: number, view: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), nextCursor: rows.length > limit && last ? writeCursor(last) : null };
}
