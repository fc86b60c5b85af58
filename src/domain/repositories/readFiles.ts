import { type HashOptions, hashBlobs } from '../../drivers/git/hashBlobs.ts';
import { type TreeEntry, listTree } from '../../drivers/git/listTree.ts';
import type { Mirror } from '../../drivers/git/openMirror.ts';
import type { BlobBatch, Storage } from '../../drivers/storage/Storage.ts';
import type { ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';
import type { KnownBlobs } from './KnownBlobs.ts';
import type { ManifestFiles } from './Manifest.ts';

/** A manifest is one JSON value, of which PostgreSQL takes 255 MB; each path takes up to 270 bytes and itself. */
const mostFiles = 500_000;
/** A file takes some work whatever its size; in bytes, for the progress shown. */
const bytesPerFile = 4_096;
const filesPerReport = 50;
/** From so many files on, git's unpacking is worth a second process. */
const filesForTwo = 2_000;

export interface ReadOptions {
  /** Is told what this reads. */
  known: KnownBlobs;
  storage: Storage;
  maxTextBytes: number;
  onListed: (count: number) => void;
  /** @param fraction of the bytes to read; @param count of files to read. */
  onHashed: (fraction: number, done: number, count: number) => void;
}

async function listEntries(mirror: Mirror, onListed: (count: number) => void): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for await (const entry of listTree(mirror, { maxEntries: mostFiles })) {
    entries.push(entry);
    if (entries.length % 1_000 === 0) onListed(entries.length);
  }
  onListed(entries.length);
  return entries;
}

/** Objects that must be read, each once, with their sizes: files, and apart from them the texts of links. */
function findUnknown(entries: readonly TreeEntry[], known: KnownBlobs): { files: Map<string, number>; links: Set<string> } {
  const files = new Map<string, number>();
  const links = new Set<string>();
  for (const { mode, type, oid, size } of entries) {
    if (type === 'commit') continue;
    if (mode === '120000') {
      if (known.link(oid) === undefined) links.add(oid);
    } else if (known.file(oid) === undefined) files.set(oid, size ?? 0);
  }
  return { files, links };
}

/** Cuts the names in two, for two git processes; what is little is left to one. */
function share(oids: string[]): string[][] {
  const half = Math.ceil(oids.length / 2);
  return oids.length < filesForTwo ? [oids] : [oids.slice(0, half), oids.slice(half)];
}

async function hashFiles(mirror: Mirror, files: Map<string, number>, batch: BlobBatch, options: ReadOptions): Promise<void> {
  let total = 0;
  for (const size of files.values()) total += size + bytesPerFile;
  let bytes = 0;
  let done = 0;
  const hashing: HashOptions = {
    maxTextBytes: options.maxTextBytes,
    onText: (sha256, text) => batch.put(sha256, text),
    onHashed({ oid, sha256, kind, size }) {
      options.known.addFile(oid, { sha256, kind });
      bytes += size + bytesPerFile;
      done += 1;
      if (done % filesPerReport === 0 || size > options.maxTextBytes) options.onHashed(bytes / total, done, files.size);
    },
  };
  // Both are waited for, so that none of them still writes into the batch when the other has failed.
  const results = await Promise.allSettled(share([...files.keys()]).map((oids) => hashBlobs(mirror, oids, hashing)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  options.onHashed(1, done, files.size);
}

function toEntry({ mode, type, oid, size }: TreeEntry, known: KnownBlobs): ManifestEntry {
  if (type === 'commit') return { sha256: null, size: null, mode, oid, kind: 'submodule' };
  if (mode === '120000') return { sha256: known.link(oid) ?? null, size, mode, oid, kind: 'symlink' };
  const file = known.file(oid);
  if (!file) throw new Error(`git did not send object ${oid}`);
  return { sha256: file.sha256, size, mode, oid, kind: file.kind };
}

/**
 * Lists the files of the mirror's commit, hashes what is not known yet, and stores the texts among it, which
 * are durable when this returns. Links and submodules are recorded and never followed. Memory grows with the
 * number of paths, not with the size of files.
 *
 * Raises what `listTree`, `hashBlobs` and the storage raise.
 */
export async function readFiles(mirror: Mirror, options: ReadOptions): Promise<ManifestFiles> {
  const { known, maxTextBytes } = options;
  const entries = await listEntries(mirror, options.onListed);
  const { files, links } = findUnknown(entries, known);
  if (files.size > 0) {
    await using batch = await options.storage.openBlobBatch();
    await hashFiles(mirror, files, batch, options);
    await batch.commit();
  }
  if (links.size > 0) {
    await hashBlobs(mirror, links, { maxTextBytes, onHashed: ({ oid, sha256 }) => known.addLink(oid, sha256) });
  }
  return entries.map((entry) => [entry.path, toEntry(entry, known)]);
}
