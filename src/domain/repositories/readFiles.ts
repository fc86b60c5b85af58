import { type HashOptions, hashBlobs } from '../../drivers/git/hashBlobs.ts';
import { type TreeEntry, listTree } from '../../drivers/git/listTree.ts';
import type { Mirror } from '../../drivers/git/openMirror.ts';
import type { BlobBatch } from '../../drivers/storage/Storage.ts';
import type { ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';
import type { KnownBlobs } from './KnownBlobs.ts';
import type { ManifestFiles } from './Manifest.ts';

/** A manifest is one JSON value, of which PostgreSQL takes 255 MB; each path takes up to 270 bytes and itself. */
const mostFiles = 500_000;
/** Files between two reports, at least; of many files each percent is one. */
const filesPerReport = 50;
/** From so many files on, git's unpacking is worth a second process. */
const filesForTwo = 2_000;

export interface ReadOptions {
  /** Is told what this reads. */
  known: KnownBlobs;
  /** Gets the texts; whoever opened it commits it. */
  texts: BlobBatch;
  maxTextBytes: number;
  onListed: (count: number) => void;
  /** @param count of files to read. */
  onHashed: (done: number, count: number) => void;
  /** Gets every entry, in order, soon after its content is known. */
  onEntry: (path: string, entry: ManifestEntry) => void;
}

function isLink(entry: TreeEntry): boolean {
  return entry.mode === '120000';
}

/** Objects that must be read, each once: files, and apart from them the texts of links. */
function findUnknown(
  entries: readonly TreeEntry[],
  known: KnownBlobs,
): { files: Set<string>; links: Set<string> } {
  const files = new Set<string>();
  const links = new Set<string>();
  for (const entry of entries) {
    if (entry.mode === '160000' || known.find(entry.oid, isLink(entry))) continue;
    (isLink(entry) ? links : files).add(entry.oid);
  }
  return { files, links };
}

/** Cuts the names in two, for two git processes; what is little is left to one. */
function share(oids: string[]): string[][] {
  const half = Math.ceil(oids.length / 2);
  return oids.length < filesForTwo ? [oids] : [oids.slice(0, half), oids.slice(half)];
}

async function hashFiles(
  mirror: Mirror,
  files: Set<string>,
  options: ReadOptions,
  onStep: () => void,
): Promise<void> {
  const step = Math.max(filesPerReport, Math.ceil(files.size / 100));
  let done = 0;
  const hashing: HashOptions = {
    maxTextBytes: options.maxTextBytes,
    onText: (sha256, text) => options.texts.put(sha256, text),
    onHashed(blob) {
      options.known.addFile(blob.oid, blob);
      done += 1;
      if (done % step !== 0 && blob.kind !== 'large') return;
      options.onHashed(done, files.size);
      onStep();
    },
  };
  // Both are waited for, so that none of them still writes into the batch when the other has failed.
  const results = await Promise.allSettled(share([...files]).map((oids) => hashBlobs(mirror, oids, hashing)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  options.onHashed(done, files.size);
}

/** null: what is in it is not known yet. */
function toEntry(entry: TreeEntry, known: KnownBlobs): ManifestEntry | null {
  const { mode, oid } = entry;
  if (mode === '160000') return { sha256: null, size: null, mode, oid, kind: 'submodule' };
  const blob = known.find(oid, isLink(entry));
  return blob ? { sha256: blob.sha256, size: blob.size, mode, oid, kind: blob.kind } : null;
}

/**
 * Lists the files of the mirror's commit, hashes what is not known yet, and gives the texts among it to be
 * stored. Links and submodules are recorded and never followed. Memory grows with the number of paths, not
 * with the size of files.
 *
 * Raises what `listTree`, `hashBlobs` and the storage raise.
 */
export async function readFiles(mirror: Mirror, options: ReadOptions): Promise<ManifestFiles> {
  const { known, maxTextBytes } = options;
  const entries = await listTree(mirror, mostFiles);
  options.onListed(entries.length);
  const { files, links } = findUnknown(entries, known);
  const manifest: ManifestFiles = [];
  function takeKnown(): void {
    for (let next = entries[manifest.length]; next; next = entries[manifest.length]) {
      const entry = toEntry(next, known);
      if (!entry) return;
      manifest.push([next.path, entry]);
      options.onEntry(next.path, entry);
    }
  }
  if (links.size > 0) {
    await hashBlobs(mirror, [...links], { maxTextBytes, onHashed: (blob) => known.addLink(blob.oid, blob) });
  }
  if (files.size > 0) await hashFiles(mirror, files, options, takeKnown);
  takeKnown();
  return manifest;
}
