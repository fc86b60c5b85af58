import { blobKey } from '../../drivers/storage/checkKey.ts';
import type { Storage } from '../../drivers/storage/Storage.ts';
import type { ManifestData, ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';

/** What an object's bytes came to. */
export type KnownBlob = Pick<ManifestEntry, 'kind'> & { sha256: string; size: number };

/**
 * What is known of git's objects, so that their bytes need not be read: from the project's last manifest,
 * and then from what this sync reads. The same object may be a file here and the text of a link there.
 */
export class KnownBlobs {
  readonly #files = new Map<string, KnownBlob>();
  readonly #links = new Map<string, KnownBlob>();

  /** @param maxTextBytes as it is now: a file on the other side of the limit must be read anew. */
  constructor(previous: ManifestData | null, maxTextBytes: number) {
    for (const { oid, sha256, kind, size } of Object.values(previous?.files ?? {})) {
      if (sha256 === null || size === null) continue;
      if (kind === 'symlink') this.#links.set(oid, { sha256, size, kind });
      else if ((kind === 'large') === size > maxTextBytes) this.#files.set(oid, { sha256, size, kind });
    }
  }

  find(oid: string, isLink: boolean): KnownBlob | undefined {
    return (isLink ? this.#links : this.#files).get(oid);
  }

  addFile(oid: string, file: KnownBlob): void {
    this.#files.set(oid, file);
  }

  addLink(oid: string, { sha256, size }: { sha256: string; size: number }): void {
    this.#links.set(oid, { sha256, size, kind: 'symlink' });
  }
}

const sampleSize = 20;

/**
 * Whether the texts of a manifest are still stored, judged by twenty of them, evenly spread: a storage that
 * was emptied or replaced lacks them all, and asking for each would cost more than reading them again.
 */
export async function areTextsStored(
  storage: Storage,
  files: Record<string, ManifestEntry>,
): Promise<boolean> {
  const texts = Object.values(files).filter((entry) => entry.kind === 'text' && entry.sha256 !== null);
  const step = Math.max(1, Math.floor(texts.length / sampleSize));
  for (let index = 0; index < texts.length; index += step) {
    const { sha256, size } = texts[index] ?? {};
    if (sha256 && (await storage.head(blobKey(sha256)))?.size !== size) return false;
  }
  return true;
}
