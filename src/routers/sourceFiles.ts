import { uuid } from '../views/columns.ts';
import { listSourceFiles } from '../views/sql/translation/listSourceFiles.ts';
import { freeText } from './freeText.ts';
import { pathPage, readPathCursor, toPathPage } from './pathPages.ts';
import { project, router } from './trpc.ts';

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
      ...pathPage,
    },
    async ({ ctx, input: { prefix, pendingFor, cursor, limit } }) => {
      const rows = await listSourceFiles(ctx.reads, {
        projectId: ctx.projectId,
        filter: { prefix, pendingFor },
        after: readPathCursor(cursor),
        limit: limit + 1,
      });
      return toPathPage(rows, limit);
    },
  ),
});
