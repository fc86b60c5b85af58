import { page, readCursor, toPage } from '../views/paging.ts';
import { listAuditLogs } from '../views/sql/listAuditLogs.ts';
import { line } from './freeText.ts';
import { project, router } from './trpc.ts';

export const audit = router({
  /** Who changed what in the project, newest first, with old and new values; secrets are redacted. */
  list: project.query(
    'audit.list',
    { ...page, entityType: line(50).optional(), entityId: line(200).optional() },
    async ({ ctx, input }) => {
      const rows = await listAuditLogs(ctx.reads, {
        projectId: ctx.projectId,
        entityType: input.entityType ?? null,
        entityId: input.entityId ?? null,
        after: readCursor(input.cursor),
        limit: input.limit + 1,
      });
      return toPage(rows, input.limit, (row) => row);
    },
  ),
});
