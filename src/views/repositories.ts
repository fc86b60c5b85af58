import { z } from 'zod';
import { moment, uuid } from './columns.ts';
import { jobView } from './jobs.ts';

/** The files of a repository at one commit, without the files themselves (`repositories.files` lists them). */
export const manifestView = z.object({
  id: uuid,
  projectId: uuid,
  version: z.number(),
  commitSha: z.string(),
  ref: z.string(),
  hash: z.string(),
  fileCount: z.number(),
  /** What was recorded but not followed or not kept, in sentences. */
  warnings: z.array(z.string()),
  createdAt: moment,
});
export type ManifestView = z.infer<typeof manifestView>;

/** Picks a manifest's public columns out of a row that may hold more. */
export function viewManifest(manifest: ManifestView): ManifestView {
  return {
    id: manifest.id,
    projectId: manifest.projectId,
    version: manifest.version,
    commitSha: manifest.commitSha,
    ref: manifest.ref,
    hash: manifest.hash,
    fileCount: manifest.fileCount,
    warnings: manifest.warnings,
    createdAt: manifest.createdAt,
  };
}

export const fileKind = z.enum(['text', 'binary', 'large', 'symlink', 'submodule']);

/** A path of a manifest. */
export const fileEntry = z.object({
  path: z.string(),
  /** SHA-256 of the raw bytes, in hexadecimal; null for a submodule. */
  sha256: z.string().nullable(),
  /** In bytes; null for a submodule. */
  size: z.number().nullable(),
  /** As git writes it: 100644 file, 100755 executable, 120000 symbolic link, 160000 submodule. */
  mode: z.enum(['100644', '100755', '120000', '160000']),
  kind: fileKind,
});
export type FileEntry = z.infer<typeof fileEntry>;

/** A text file with its content. */
export const fileView = fileEntry.extend({
  version: z.number(),
  commitSha: z.string(),
  text: z.string(),
  /** How many lines the text has. */
  lines: z.number(),
});
export type FileView = z.infer<typeof fileView>;

/** A sync with the manifest that it made or found unchanged. */
export const syncView = jobView.extend({
  /** What was asked for; null: the default branch. */
  ref: z.string().nullable(),
  manifest: z.object({ version: z.number(), commitSha: z.string() }).nullable(),
});
export type SyncView = z.infer<typeof syncView>;

/** How a file changed from one version to another, as `diff -u` says it. */
export const diffView = z.object({
  /** Path in version `from`; the same as `toPath` unless the file was moved. */
  path: z.string(),
  toPath: z.string(),
  from: z.number(),
  to: z.number(),
  change: z.enum(['none', 'added', 'removed', 'modified']),
  hunks: z.array(
    z.object({
      oldStart: z.number(),
      oldLines: z.number(),
      newStart: z.number(),
      newLines: z.number(),
      /** Each begins with a space, `-`, `+`, or `\` where the file ends without a line end. */
      lines: z.array(z.string()),
    }),
  ),
});
export type DiffView = z.infer<typeof diffView>;
