import { createHash } from 'node:crypto';
import type { ManifestData, ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';

/** The files of one commit, in git's order (paths by their bytes). */
export type ManifestFiles = [path: string, entry: ManifestEntry][];

/** What `project_manifests` keeps of the files: the integrity hash, and `data` (ManifestData) as JSON text. */
export interface ComposedManifest {
  hash: string;
  data: string;
}

/**
 * Puts a manifest together entry by entry, in the order of the bytes of their paths.
 *
 * The integrity hash is SHA-256, in hexadecimal, over a line `path NUL mode NUL content LF` for each file, where
 * content is the SHA-256 of its bytes or, for a submodule, its commit.
 *
 * The JSON is never an object before it is text: one with thousands of keys is slow to make, and has one key
 * that is none, `__proto__`.
 */
export class ManifestComposer {
  readonly #hash = createHash('sha256');
  readonly #entries: string[] = [];

  add(path: string, entry: ManifestEntry): void {
    this.#hash.update(`${path}\0${entry.mode}\0${entry.sha256 ?? entry.oid}\n`);
    this.#entries.push(`${JSON.stringify(path)}:${JSON.stringify(entry)}`);
  }

  finish(warnings: readonly string[]): ComposedManifest {
    const data = `{"files":{${this.#entries.join(',')}},"warnings":${JSON.stringify(warnings)}}`;
    return { hash: this.#hash.digest('hex'), data };
  }
}

/** Whether `source_files` has a row for it: files, without links and submodules. */
export function isSourceFile(entry: ManifestEntry): entry is ManifestEntry & { sha256: string } {
  return entry.kind === 'text' || entry.kind === 'binary' || entry.kind === 'large';
}

/** Whether some file with the same content is of another kind than in `previous`: a limit was changed since. */
export function isKeptOtherwise(files: ManifestFiles, previous: ManifestData): boolean {
  return files.some(([path, { sha256, kind }]) => {
    const before = Object.hasOwn(previous.files, path) ? previous.files[path] : undefined;
    return before !== undefined && before.sha256 === sha256 && before.kind !== kind;
  });
}
