import { isUtf8 } from 'node:buffer';
import { fail } from '../../errors.ts';
import { GitFailure } from './gitProcess.ts';
import type { Mirror } from './openMirror.ts';

export interface TreeEntry {
  /** Relative to the root of the repository, with `/` between names; may hold any character but NUL. */
  path: string;
  /** File, executable file, symbolic link (never followed: its blob is the link's text), submodule (never fetched). */
  mode: '100644' | '100755' | '120000' | '160000';
  /** Git's hash of the object, in hexadecimal. */
  oid: string;
}

interface TreeItem {
  name: string;
  /** null for a folder. */
  mode: TreeEntry['mode'] | null;
  oid: string;
}

const mostLevels = 1_000;
const mostTreeBytes = 2 ** 26;
const damaged = 'a folder of it is damaged';
const space = 32;
const nul = 0;

function refuse(reason: string): never {
  fail('REPOSITORY_READ_FAILED', { reason });
}

/** As git itself reads modes, also those that old versions wrote (`canon_mode`). */
function readMode(text: string): TreeItem['mode'] {
  const mode = Number.parseInt(text, 8);
  switch (mode & 0o170000) {
    case 0o040000:
      return null;
    case 0o100000:
      return (mode & 0o100) === 0 ? '100644' : '100755';
    case 0o120000:
      return '120000';
    default:
      return '160000';
  }
}

function escapeName(name: Buffer): string {
  return name.toString('latin1').replaceAll(/[^ -~]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** @param folder with its final `/`. git makes no such names, but whoever makes the objects themselves can. */
function readName(bytes: Buffer, folder: string): string {
  if (!isUtf8(bytes)) fail('REPOSITORY_PATH_NOT_UTF8', { path: (folder + escapeName(bytes)).slice(-300) });
  const name = bytes.toString('utf8');
  if (name === '' || name === '.' || name === '..' || name.includes('/'))
    refuse(`its tree holds an impossible name, ${JSON.stringify((folder + name).slice(-200))}`);
  return name;
}

/** A tree object: for each item `<mode> SP <name> NUL <oid in bytes>`. */
function parseTree(content: Buffer, folder: string, oidBytes: number): TreeItem[] {
  const items: TreeItem[] = [];
  const names = new Set<string>();
  for (let start = 0; start < content.length;) {
    const modeEnd = content.indexOf(space, start);
    const nameEnd = content.indexOf(nul, Math.max(start, modeEnd));
    const end = nameEnd + 1 + oidBytes;
    if (modeEnd === -1 || nameEnd === -1 || end > content.length) throw new GitFailure(damaged, '');
    const name = readName(content.subarray(modeEnd + 1, nameEnd), folder);
    if (names.has(name)) refuse(`its tree holds ${JSON.stringify((folder + name).slice(-200))} twice`);
    names.add(name);
    const mode = readMode(content.toString('latin1', start, modeEnd));
    items.push({ name, mode, oid: content.toString('hex', nameEnd + 1, end) });
    start = end;
  }
  return items;
}

/** The items of these trees (by oid: where each was met first), asked for at once. */
async function readTrees(mirror: Mirror, folders: Map<string, string>): Promise<Map<string, TreeItem[]>> {
  const trees = new Map<string, TreeItem[]>();
  let oid = '';
  let pieces: Buffer[] = [];
  await mirror.read([...folders.keys()], (piece) => {
    if (piece.kind === 'header') {
      if (piece.type !== 'tree' || piece.size > mostTreeBytes) throw new GitFailure(damaged, '');
      oid = piece.oid;
    } else if (piece.kind === 'missing') {
      throw new GitFailure(`object ${piece.oid} is missing`, '');
    } else {
      pieces.push(piece.bytes);
      if (!piece.last) return;
      trees.set(oid, parseTree(Buffer.concat(pieces), folders.get(oid) ?? '', oid.length / 2));
      pieces = [];
    }
  });
  return trees;
}

/**
 * Every file, link and submodule of the pinned commit, in git's order: paths by their bytes.
 *
 * Raises REPOSITORY_PATH_NOT_UTF8, and REPOSITORY_READ_FAILED for a damaged repository, for names that git
 * would not make, and for more than `maxEntries`: a tree can name another over and over, so a few kilobytes
 * may stand for billions of files.
 *
 * One folder level after the other is asked for, by the git that then sends the files: 10,000 files take
 * 15 ms, and 40 with `ls-tree`, most of it for starting another process.
 */
export async function listTree(mirror: Mirror, maxEntries: number): Promise<TreeEntry[]> {
  const trees = new Map<string, TreeItem[]>();
  const tooMany = (): never => refuse(`it has more than ${maxEntries} files and folders`);
  let read = 0;
  for (let level = new Map([[mirror.treeOid, '']]); level.size > 0;) {
    const next = new Map<string, string>();
    for (const [oid, items] of await readTrees(mirror, level)) {
      trees.set(oid, items);
      read += items.length;
      if (read > maxEntries) tooMany();
      const folder = level.get(oid) ?? '';
      for (const item of items) if (item.mode === null) next.set(item.oid, `${folder}${item.name}/`);
    }
    for (const oid of trees.keys()) next.delete(oid);
    level = next;
  }

  const entries: TreeEntry[] = [];
  let walked = 0;
  function walk(treeOid: string, folder: string, level: number): void {
    if (level > mostLevels) refuse(`its folders lie more than ${mostLevels} deep`);
    for (const { name, mode, oid } of trees.get(treeOid) ?? []) {
      walked += 1;
      if (walked > maxEntries) tooMany();
      if (mode === null) walk(oid, `${folder}${name}/`, level + 1);
      else entries.push({ path: folder + name, mode, oid });
    }
  }
  walk(mirror.treeOid, '', 1);
  return entries;
}
