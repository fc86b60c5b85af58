import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { hide } from '../authz/refuse.ts';
import { mayManage, maySeeInside, standingOf } from '../authz/rules/organization.ts';
import { appendChunk } from '../domain/patterns/import/appendChunk.ts';
import { createShared, findShared } from '../domain/patterns/import/openShared.ts';
import { requestImport } from '../domain/patterns/import/requestImport.ts';
import { lockOrganization } from '../domain/identity/organizations.ts';
import { PatternImport } from '../entities/patterns/PatternImport.ts';
import { patternKinds } from '../entities/patterns/patternKinds.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { viewJob } from '../views/jobs.ts';
import { type Page, page, readCursor, toPage } from '../views/paging.ts';
import { type RejectionView, viewPatternImport } from '../views/patternImports.ts';
import { viewProject } from '../views/projects.ts';
import { listPatternImports, readPatternImport } from '../views/sql/patterns/listPatternImports.ts';
import { type RejectionPosition, listRejections } from '../views/sql/patterns/listRejections.ts';
import type { Project } from '../entities/projects/Project.ts';
import type { Call } from './Call.ts';
import { freeText, line } from './freeText.ts';
import { instance, project, router } from './trpc.ts';

const kind = z.enum(patternKinds);
/** Of one chunk: with its quotes escaped it fits into any request body that the server takes. */
const chunkBytes = 256 * 2 ** 10;
const mostChunks = 10_000;

/** Rejections are paged by file and line, in the order in which files are imported. */
function readRejectionCursor(cursor: string | null | undefined): RejectionPosition | null {
  if (!cursor) return null;
  const [name, number] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const parsed = z
    .object({ kind, line: z.coerce.number().int().min(0) })
    .safeParse({ kind: name, line: number });
  return parsed.success ? parsed.data : fail('CURSOR_INVALID');
}

function toRejectionPage(rows: RejectionView[], limit: number): Page<RejectionView> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last ? Buffer.from(`${last.kind} ${last.line}`).toString('base64url') : null;
  return { items, nextCursor };
}

/** The organization's project for shared patterns; only its owners make one. @throws NOT_FOUND, FORBIDDEN */
async function openForOrganization(em: EntityManager, ctx: Call, organizationId: string): Promise<Project> {
  const { organization, role } = await lockOrganization(em, organizationId, ctx.actor.id);
  const standing = standingOf(ctx.access, role);
  if (!maySeeInside(standing)) return hide('organization');
  const shared = await findShared(em, organizationId);
  if (shared) return shared;
  if (!mayManage(standing)) fail('FORBIDDEN', { permission: 'patternImports.openShared' });
  return createShared(em, organization);
}

export const patternImports = router({
  /**
   * The project named `Shared Patterns` that belongs to the caller, or to an organization of theirs; made if
   * there is none. Imports from several projects go there, so that each pattern is there once.
   */
  openShared: instance.mutation(
    'patternImports.openShared',
    { organizationId: uuid.optional() },
    async ({ ctx, input: { organizationId } }) => {
      const shared = await ctx.write(
        async (em) =>
          organizationId
            ? openForOrganization(em, ctx, organizationId)
            : ((await findShared(em, ctx.actor.id)) ?? (await createShared(em, ctx.actor))),
        viewProject,
      );
      await ctx.authorizer.authorize(ctx.origin.tokenHash, 'projects.get', shared.id);
      return shared;
    },
  ),

  /** Begins an import into the project; `source` is the project that rows come from which do not name one. */
  create: project.mutation(
    'patternImports.create',
    { id: uuid.optional(), source: line(255).optional() },
    ({ ctx, input }) =>
      ctx.write(
        async (em) =>
          em.create(PatternImport, {
            ...(input.id ? { id: input.id } : {}),
            projectId: ctx.projectId,
            authorId: ctx.actor.id,
            source: input.source ?? '',
            sizeBytes: 0,
          }),
        viewPatternImport,
      ),
  ),

  /**
   * Gives an import a piece of a CSV file, one file for each kind. Number the pieces of a file 0, 1, 2 …, and cut
   * it anywhere; giving a piece again changes nothing.
   */
  append: project.mutation(
    'patternImports.append',
    {
      importId: uuid,
      kind,
      index: z
        .number()
        .int()
        .min(0)
        .max(mostChunks - 1),
      content: freeText(chunkBytes, 1),
    },
    ({ ctx, input }) =>
      ctx.write(
        (em) => appendChunk(em, { ...input, projectId: ctx.projectId }),
        (size) => size,
      ),
  ),

  /** Runs an import, as a job: follow it with `jobs.watch`. A dry run finds out what would happen, and changes nothing. */
  run: project.mutation(
    'patternImports.run',
    { id: uuid.optional(), importId: uuid, dryRun: z.boolean().default(false) },
    ({ ctx, input }) =>
      ctx.write(
        (em) =>
          requestImport(em, ctx.actor, {
            id: input.id,
            projectId: ctx.projectId,
            importId: input.importId,
            isDryRun: input.dryRun,
          }),
        viewJob,
      ),
  ),

  /** An import with its runs, newest first, each with what became of the rows. */
  get: project.query(
    'patternImports.get',
    { importId: uuid },
    async ({ ctx, input }) =>
      (await readPatternImport(ctx.reads, { projectId: ctx.projectId, importId: input.importId })) ??
      fail('NOT_FOUND', { thing: 'import' }),
  ),

  /** The project's imports, newest first. */
  list: project.query('patternImports.list', page, async ({ ctx, input }) => {
    const rows = await listPatternImports(ctx.reads, {
      projectId: ctx.projectId,
      position: readCursor(input.cursor),
      limit: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row);
  }),

  /** Rows that a run could not take, with the line where each begins and why; by file and line. */
  rejections: project.query('patternImports.rejections', { ...page, runId: uuid }, async ({ ctx, input }) => {
    const rows = await listRejections(ctx.reads, {
      projectId: ctx.projectId,
      runId: input.runId,
      position: readRejectionCursor(input.cursor),
      limit: input.limit + 1,
    });
    return rows ? toRejectionPage(rows, input.limit) : fail('NOT_FOUND', { thing: 'run of an import' });
  }),
});
