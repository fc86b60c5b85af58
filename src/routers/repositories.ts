import { z } from 'zod';
import { diffFile } from '../domain/repositories/diffFile.ts';
import { readTextFile } from '../domain/repositories/readTextFile.ts';
import { requestSync } from '../domain/repositories/requestSync.ts';
import { countLines } from '../domain/threads/lines.ts';
import { fail } from '../errors.ts';
import { uuid } from '../views/columns.ts';
import { viewJob } from '../views/jobs.ts';
import { type Page, page, readCursor, toPage } from '../views/paging.ts';
import {
  type FileEntry,
  type FileView,
  type ManifestView,
  type SyncView,
  viewManifest,
} from '../views/repositories.ts';
import { findManifest } from '../views/sql/findManifest.ts';
import { listFiles } from '../views/sql/listFiles.ts';
import { type SyncRow, listSyncs } from '../views/sql/listSyncs.ts';
import type { Call } from './Call.ts';
import { freeText, line } from './freeText.ts';
import { project, router } from './trpc.ts';

const version = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);
const path = freeText(4_096, 1);

function viewSync(row: SyncRow): SyncView {
  const manifest =
    row.version === null || row.commitSha === null
      ? null
      : { version: row.version, commitSha: row.commitSha };
  return { ...viewJob(row), ref: row.ref, manifest };
}

async function requireManifest(ctx: Call, wanted: number | undefined): Promise<ManifestView> {
  const manifest = await findManifest(ctx.reads, ctx.projectId, wanted);
  return manifest
    ? viewManifest(manifest)
    : fail('MANIFEST_MISSING', { version: wanted ?? 'of its repository' });
}

/** Files are paged by their paths: a cursor names the version, which a sync must not change in between, and the last path. */
function readFileCursor(cursor: string | null | undefined): { version: number; path: string } | null {
  if (!cursor) return null;
  const [number = '', ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const parsed = version.safeParse(Number(number));
  if (!parsed.success || rest.length === 0 || rest.join(' ').includes('\0')) return fail('CURSOR_INVALID');
  return { version: parsed.data, path: rest.join(' ') };
}

function toFilePage(rows: FileEntry[], limit: number, of: number): Page<FileEntry> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last ? Buffer.from(`${of} ${last.path}`).toString('base64url') : null;
  return { items, nextCursor };
}

export const repositories = router({
  /**
   * Reads the project's repository anew, as a job: follow it with `jobs.watch`. `ref` is a branch, tag or
   * full commit hash, by default the default branch.
   */
  sync: project.mutation(
    'repositories.sync',
    { id: uuid.optional(), ref: line(255).optional() },
    ({ ctx, input }) =>
      ctx.write(
        (em) => requestSync(em, ctx.actor, { id: input.id, projectId: ctx.projectId, ref: input.ref }),
        viewJob,
      ),
  ),

  /** The syncs that were asked for, newest first, each with the version that it led to. */
  syncs: project.query('repositories.syncs', page, async ({ ctx, input }) => {
    const after = readCursor(input.cursor);
    const rows = await listSyncs(ctx.reads, { projectId: ctx.projectId, after, limit: input.limit + 1 });
    return toPage(rows, input.limit, viewSync);
  }),

  /** What the repository was at one version, by default the latest: commit, count of files, warnings. */
  manifest: project.query('repositories.manifest', { version: version.optional() }, ({ ctx, input }) =>
    requireManifest(ctx, input.version),
  ),

  /** The files of a version in the order of their paths; with `prefix` those whose path starts so. */
  files: project.query(
    'repositories.files',
    {
      version: version.optional(),
      prefix: freeText(4_096).optional(),
      cursor: z.string().max(8_192).nullish(),
      limit: z.number().int().min(1).max(1_000).default(200),
    },
    async ({ ctx, input }) => {
      const after = readFileCursor(input.cursor);
      const of = after?.version ?? (await requireManifest(ctx, input.version)).version;
      const { prefix, limit } = input;
      const rows = await listFiles(ctx.reads, {
        projectId: ctx.projectId,
        version: of,
        prefix,
        after: after?.path ?? null,
        limit: limit + 1,
      });
      return toFilePage(rows, limit, of);
    },
  ),

  /** A text file as it is in a version, by default the latest. */
  file: project.query(
    'repositories.file',
    { path, version: version.optional() },
    async ({ ctx, input }): Promise<FileView> => {
      const found = await readTextFile(ctx.reads, ctx.storage, {
        projectId: ctx.projectId,
        path: input.path,
        version: input.version,
      });
      const { sha256, size, mode, kind } = found.entry;
      const { version: of, commitSha, text } = found;
      return {
        path: found.path,
        version: of,
        commitSha,
        sha256,
        size,
        mode,
        kind,
        text,
        lines: countLines(text),
      };
    },
  ),

  /** How a text file changed from one version to another; `toPath` is where it is in version `to`, if it was moved. */
  diff: project.query(
    'repositories.diff',
    { path, toPath: path.optional(), from: version, to: version },
    ({ ctx, input }) =>
      diffFile(ctx.reads, ctx.storage, {
        projectId: ctx.projectId,
        path: input.path,
        toPath: input.toPath,
        from: input.from,
        to: input.to,
      }),
  ),
});
