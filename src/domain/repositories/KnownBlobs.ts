import { blobKey } from '../../drivers/storage/checkKey.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import type { ManifestData, ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';

/** What a regular file's content came to. */
export interface KnownFile {
  sha256: string;
  kind: 'text' | 'binary' | 'large';
}

/**
 * What is known of git's objects, so that their bytes need not be read: from the project's last manifest,
 * and then from what this sync reads.
 */
export class KnownBlobs {
  readonly #files = new Map<string, KnownFile>();
  readonly #links = new Map<string, string>();

  /** @param maxTextBytes as it is now: a file on the other side of the limit must be read anew. */
  constructor(previous: ManifestData | null, maxTextBytes: number) {
    for (const { oid, sha256, kind, size } of Object.values(previous?.files ?? {})) {
      if (sha256 === null || kind === 'submodule') continue;
      if (kind === 'symlink') this.#links.set(oid, sha256);
      else if ((kind === 'large') === ((size ?? 0) > maxTextBytes)) this.#files.set(oid, { sha256, kind });
    }
  }

  file(oid: string): KnownFile | undefined {
    return this.#files.get(oid);
  }

  addFile(oid: string, file: KnownFile): void {
    this.#files.set(oid, file);
  }

  /** SHA-256 of a link's text. */
  link(oid: string): string | undefined {
    return this.#links.get(oid);
  }

  addLink(oid: string, sha256: string): void {
    this.#links.set(oid, sha256);
  }
}

const sampleSize = 20;

/**
 * Whether the texts of a manifest are still stored, judged by twenty of them, evenly spread: a storage that
 * was emptied or replaced lacks them all, and asking for each would cost more than reading them again.
 */
export async function areTextsStored(storage: Storage, files: Record<string, ManifestEntry>): Promise<boolean> {
  const texts = Object.values(files).filter((entry) => entry.kind === 'text' && entry.sha256 !== null);
  const step = Math.max(1, Math.floor(texts.length / sampleSize));
  for (let index = 0; index < texts.length; index += step) {
    const { sha256, size } = texts[index] ?? {};
    if (sha256 && (await storage.head(blobKey(sha256)))?.size !== size) return false;
  }
  return true;
}
