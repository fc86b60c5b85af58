import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { Storage } from '../../drivers/storage/Storage.ts';
import { readText } from '../repositories/readTextFile.ts';
import { FileComparison } from './FileComparison.ts';
import { type FileState, readManifestFiles } from './sql/readManifestFiles.ts';

/** Characters of text kept for the next thread of the same file. */
const keptCharacters = 32 * 2 ** 20;
const keptComparisons = 4;

/**
 * Reads what placing threads needs: the files of each version once, a text or a comparison of two once for
 * the threads that follow each other in one file. For one run: manifests and blobs never change.
 */
export class ManifestReader {
  readonly projectId: string;
  readonly #em: EntityManager;
  readonly #storage: Storage;
  readonly #versions = new Map<number, Promise<Map<string, FileState>>>();
  readonly #texts = new LRUCache<string, { text: string | null }>({
    maxSize: keptCharacters,
    sizeCalculation: ({ text }) => 1 + (text?.length ?? 0),
  });
  readonly #comparisons = new LRUCache<string, FileComparison>({ max: keptComparisons });

  constructor(services: { orm: MikroORM; storage: Storage }, projectId: string) {
    this.projectId = projectId;
    this.#em = services.orm.em.fork();
    this.#storage = services.storage;
  }

  /** The files of a version, by path. */
  files(version: number): Promise<Map<string, FileState>> {
    const known = this.#versions.get(version);
    if (known) return known;
    const read = readManifestFiles(this.#em, this.projectId, version);
    this.#versions.set(version, read);
    return read;
  }

  /** The text with a content hash; null when it is not kept. */
  async text(sha256: string): Promise<string | null> {
    const known = this.#texts.get(sha256);
    if (known) return known.text;
    const text = await readText(this.#storage, sha256);
    this.#texts.set(sha256, { text });
    return text;
  }

  /** Two contents, compared; an old one that is not kept counts as ''. Null when the new one is not kept. */
  async compare(oldSha: string, newSha: string): Promise<FileComparison | null> {
    const key = `${oldSha} ${newSha}`;
    const known = this.#comparisons.get(key);
    if (known) return known;
    const [before, after] = [await this.text(oldSha), await this.text(newSha)];
    if (after === null) return null;
    const comparison = new FileComparison(before ?? '', after);
    this.#comparisons.set(key, comparison);
    return comparison;
  }
}
