import type pg from 'pg';
import { z } from 'zod';
import { verifyChain } from '../domain/audit/verifyChain.ts';
import { givenMoment, uuid } from '../views/columns.ts';
import { type AuditLogView, viewDenial } from '../views/audit.ts';
import { type AuditFormat, writeAudit } from '../views/auditText.ts';
import { page, readCursor, toPage } from '../views/paging.ts';
import { type AuditFilter, listAuditLogs, listAuditSpan } from '../views/sql/listAuditLogs.ts';
import { line } from './freeText.ts';
import { instance, project, router } from './trpc.ts';

const filters = {
  ...page,
  entityType: line(50).optional(),
  entityId: line(200).optional(),
  /** `create`, `update`, `delete`, `deny` … */
  action: line(50).optional(),
  actorId: uuid.optional(),
  fromAt: givenMoment.optional(),
  /** Exclusive. */
  toAt: givenMoment.optional(),
};

interface Input {
  entityType?: string | undefined;
  entityId?: string | undefined;
  action?: string | undefined;
  actorId?: string | undefined;
  fromAt?: Date | undefined;
  toAt?: Date | undefined;
  cursor?: string | null | undefined;
  limit: number;
}

const toFilter = (projectId: string | null, input: Input): AuditFilter => ({
  projectId,
  entityType: input.entityType ?? null,
  entityId: input.entityId ?? null,
  action: input.action ?? null,
  actorId: input.actorId ?? null,
  fromAt: input.fromAt ?? null,
  toAt: input.toAt ?? null,
  after: readCursor(input.cursor),
  limit: input.limit + 1,
});

const span = {
  cursor: page.cursor,
  limit: z.number().int().min(1).max(5000).default(1000),
  format: z.enum(['csv', 'json']).default('csv'),
  fromAt: givenMoment.optional(),
  /** Exclusive. */
  toAt: givenMoment.optional(),
};

interface Span {
  format: AuditFormat;
  fromAt?: Date | undefined;
  toAt?: Date | undefined;
  cursor?: string | null | undefined;
  limit: number;
}

async function exportAudit(
  reads: pg.Pool,
  projectId: string | null,
  input: Span,
  view: (row: AuditLogView) => AuditLogView,
) {
  const rows = await listAuditSpan(reads, {
    projectId,
    fromAt: input.fromAt ?? null,
    toAt: input.toAt ?? null,
    after: readCursor(input.cursor),
    limit: input.limit + 1,
  });
  const { items, nextCursor } = toPage(rows, input.limit, view);
  return { text: writeAudit(items, input.format, !input.cursor), rows: items.length, nextCursor };
}

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

  /**
   * The project's audit log as text, oldest first, a page a call: CSV (its header on the first page alone) or
   * one JSON object a line. The pages put together are the file.
   */
  export: project.query('audit.export', span, ({ ctx, input }) => {
    const isAuditor = ctx.access.can('audit.system');
    return exportAudit(ctx.reads, ctx.projectId, input, (row) => (isAuditor ? row : viewDenial(row)));
  }),

  /** The audit log of everything that belongs to no project, as text. */
  exportSystem: instance.query('audit.exportSystem', span, ({ ctx, input }) =>
    exportAudit(ctx.reads, null, input, (row) => row),
  ),

  /** Recomputes the seals of the project's audit log: whether rows were changed, removed or added behind its back. */
  verify: project.query('audit.verify', {}, ({ ctx }) => verifyChain(ctx.reads, ctx.projectId)),

  /** Recomputes the seals of the system's audit log, which cover the projects' seals too. */
  verifySystem: instance.query('audit.verifySystem', {}, ({ ctx }) => verifyChain(ctx.reads, null)),
});
