import { z } from 'zod';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { listSourceFiles } from '../views/sql/translation/listSourceFiles.ts';
import type { Page } from '../views/paging.ts';
import type { SourceFileView } from '../views/translation.ts';
import { freeText } from './freeText.ts';
import { project, router } from './trpc.ts';

/** Files are paged by their paths. */
function readPath(cursor: string | null | undefined): string {
  const path = Buffer.from(cursor ?? '', 'base64url').toString('utf8');
  return cursor && (path === '' || path.includes('\0')) ? fail('CURSOR_INVALID') : path;
}

function toFilePage(rows: SourceFileView[], limit: number): Page<SourceFileView> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? Buffer.from(last.filePath).toString('base64url') : null;
  return { items, nextCursor };
}

export const sourceFiles = router({
  /**
   * The files of the latest sync in the order of their paths, with the hash that a translation is recorded
   * against; with `pendingFor`, a target, those that nobody has begun to translate for it.
   */
  list: project.query(
    'sourceFiles.list',
    {
      prefix: freeText(4_096).optional(),
      pendingFor: uuid.optional(),
      cursor: z.string().max(8_192).nullish(),
      limit: z.number().int().min(1).max(1_000).default(200),
    },
    async ({ ctx, input: { prefix, pendingFor, cursor, limit } }) => {
      const rows = await listSourceFiles(ctx.reads, {
        projectId: ctx.projectId,
        filter: { prefix, pendingFor },
        after: readPath(cursor),
        limit: limit + 1,
      });
      return toFilePage(rows, limit);
    },
  ),
});
