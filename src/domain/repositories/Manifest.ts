import { createHash } from 'node:crypto';
import type { ManifestData, ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';

/** The files of one commit, in git's order (paths by their bytes). */
export type ManifestFiles = [path: string, entry: ManifestEntry][];

/**
 * Integrity hash: SHA-256, in hexadecimal, over a line `path NUL mode NUL content LF` for each file, where
 * content is the SHA-256 of its bytes or, for a submodule, its commit. Lines are in the order of the bytes of
 * their paths.
 */
export function hashManifest(files: ManifestFiles): string {
  const hash = createHash('sha256');
  for (const [path, { mode, sha256, oid }] of files) hash.update(`${path}\0${mode}\0${sha256 ?? oid}\n`);
  return hash.digest('hex');
}

/**
 * As `project_manifests.data` keeps it (ManifestData), in JSON. Put together entry by entry: an object with
 * thousands of keys is slow to make, and has one key that is none, `__proto__`.
 */
export function toManifestJson(files: ManifestFiles, warnings: readonly string[]): string {
  const entries = files.map(([path, entry]) => `${JSON.stringify(path)}:${JSON.stringify(entry)}`);
  return `{"files":{${entries.join(',')}},"warnings":${JSON.stringify(warnings)}}`;
}

/** Whether some file with the same content is of another kind than in `previous`: a limit was changed since. */
export function isKeptOtherwise(files: ManifestFiles, previous: ManifestData): boolean {
  return files.some(([path, { sha256, kind }]) => {
    const before = Object.hasOwn(previous.files, path) ? previous.files[path] : undefined;
    return before !== undefined && before.sha256 === sha256 && before.kind !== kind;
  });
}
