import { uuid } from '../views/columns.ts';
import { viewDenial } from '../views/audit.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { type AuditFilter, listAuditLogs } from '../views/sql/listAuditLogs.ts';
import { line } from './freeText.ts';
import { instance, project, router } from './trpc.ts';

const filters = {
  ...page,
  entityType: line(50).optional(),
  entityId: line(200).optional(),
  /** `create`, `update`, `delete`, `deny` … */
  action: line(50).optional(),
  actorId: uuid.optional(),
};

interface Input {
  entityType?: string | undefined;
  entityId?: string | undefined;
  action?: string | undefined;
  actorId?: string | undefined;
  cursor?: string | null | undefined;
  limit: number;
}

const toFilter = (projectId: string | null, input: Input): AuditFilter => ({
  projectId,
  entityType: input.entityType ?? null,
  entityId: input.entityId ?? null,
  action: input.action ?? null,
  actorId: input.actorId ?? null,
  after: readCursor(input.cursor),
  limit: input.limit + 1,
});

export const audit = router({
  /**
   * Who changed what in the project, newest first, with old and new values, and whom it was denied (`deny`);
   * secrets are redacted. By which rule a call was denied, only who reads the system's audit log is told.
   */
  list: project.query('audit.list', filters, async ({ ctx, input }) => {
    const rows = await listAuditLogs(ctx.reads, toFilter(ctx.projectId, input));
    const isAuditor = ctx.access.can('audit.system');
    return toPage(rows, input.limit, (row) => (isAuditor ? row : viewDenial(row)));
  }),

  /** The same of everything that belongs to no project: accounts, organizations, roles, policies, and calls denied outside projects. */
  system: instance.query('audit.system', filters, async ({ ctx, input }) => {
    const rows = await listAuditLogs(ctx.reads, toFilter(null, input));
    return toPage(rows, input.limit, (row) => row);
  }),
});
