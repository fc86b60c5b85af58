/** Lists of what lies at paths are paged by these: a cursor is the last path of the page before. */
import { z } from 'zod';
import { fail } from '../errors.ts';
import type { Page } from '../views/paging.ts';

export const pathPage = {
  cursor: z.string().max(8_192).nullish(),
  limit: z.number().int().min(1).max(1_000).default(200),
};

/** The path to go on after; empty at the beginning. @throws CURSOR_INVALID */
export function readPathCursor(cursor: string | null | undefined): string {
  const path = Buffer.from(cursor ?? '', 'base64url').toString('utf8');
  return cursor && (path === '' || path.includes('\0')) ? fail('CURSOR_INVALID') : path;
}

/** Makes a page of `limit` out of up to `limit + 1` rows in the order of their paths. */
export function toPathPage<R extends { filePath: string }>(rows: R[], limit: number): Page<R> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? Buffer.from(last.filePath).toString('base64url') : null;
  return { items, nextCursor };
}
