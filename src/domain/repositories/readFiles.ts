import { type HashOptions, hashBlobs } from '../../drivers/git/hashBlobs.ts';
import { type TreeEntry, listTree } from '../../drivers/git/listTree.ts';
import type { Mirror } from '../../drivers/git/openMirror.ts';
import type { BlobBatch, Storage } from '../../drivers/storage/Storage.ts';
import type { ManifestEntry } from '../../entities/repositories/ProjectManifest.ts';
import { fail } from '../../errors.ts';
import type { KnownBlobs } from './KnownBlobs.ts';
import type { ManifestFiles } from './Manifest.ts';

/** A manifest is one JSON value, of which PostgreSQL takes 255 MB; each path takes up to 270 bytes and itself. */
const mostFiles = 500_000;
const filesPerReport = 50;
/** From so many files on, git's unpacking is worth a second process. */
const filesForTwo = 2_000;

export interface ReadOptions {
  /** Is told what this reads. */
  known: KnownBlobs;
  storage: Storage;
  maxTextBytes: number;
  onListed: (count: number) => void;
  /** @param count of files to read. */
  onHashed: (done: number, count: number) => void;
}

function isLink(entry: TreeEntry): boolean {
  return entry.mode === '120000';
}

/** git makes no such names, but whoever makes the objects themselves can. */
function checkName(path: string, seen: Set<string>): void {
  const isPossible = path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
  if (!isPossible)
    fail('REPOSITORY_READ_FAILED', {
      reason: `its tree holds an impossible name, ${JSON.stringify(path.slice(0, 200))}`,
    });
  if (seen.has(path))
    fail('REPOSITORY_READ_FAILED', { reason: `its tree holds ${JSON.stringify(path.slice(0, 200))} twice` });
  seen.add(path);
}

async function listEntries(mirror: Mirror, onListed: (count: number) => void): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const seen = new Set<string>();
  for await (const entry of listTree(mirror, { maxEntries: mostFiles, withSizes: false })) {
    checkName(entry.path, seen);
    entries.push(entry);
    if (entries.length % 1_000 === 0) onListed(entries.length);
  }
  onListed(entries.length);
  return entries;
}

/** Objects that must be read, each once: files, and apart from them the texts of links. */
function findUnknown(
  entries: readonly TreeEntry[],
  known: KnownBlobs,
): { files: Set<string>; links: Set<string> } {
  const files = new Set<string>();
  const links = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'commit' || known.find(entry.oid, isLink(entry))) continue;
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
  batch: BlobBatch,
  options: ReadOptions,
): Promise<void> {
  let done = 0;
  const hashing: HashOptions = {
    maxTextBytes: options.maxTextBytes,
    onText: (sha256, text) => batch.put(sha256, text),
    onHashed({ oid, sha256, size, kind }) {
      options.known.addFile(oid, { sha256, size, kind });
      done += 1;
      if (done % filesPerReport === 0 || kind === 'large') options.onHashed(done, files.size);
    },
  };
  // Both are waited for, so that none of them still writes into the batch when the other has failed.
  const results = await Promise.allSettled(share([...files]).map((oids) => hashBlobs(mirror, oids, hashing)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  options.onHashed(done, files.size);
}

function toEntry(entry: TreeEntry, known: KnownBlobs): ManifestEntry {
  const { mode, oid } = entry;
  if (entry.type === 'commit') return { sha256: null, size: null, mode, oid, kind: 'submodule' };
  const blob = known.find(oid, isLink(entry));
  if (!blob) throw new Error(`git did not send object ${oid}`);
  return { sha256: blob.sha256, size: blob.size, mode, oid, kind: blob.kind };
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
    await hashBlobs(mirror, links, { maxTextBytes, onHashed: (blob) => known.addLink(blob.oid, blob) });
  }
  return entries.map((entry) => [entry.path, toEntry(entry, known)]);
}
