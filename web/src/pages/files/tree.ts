import type { FileEntry } from './useFiles.ts';

/** A folder or a file of the tree. */
export interface TreeNode {
  name: string;
  path: string;
  /** Of a folder, folders first, by name; null: it is a file. */
  children: TreeNode[] | null;
  entry: FileEntry | null;
}

/** A node as a row: with its place among its brothers. */
export interface TreeRow {
  node: TreeNode;
  /** From 1. */
  level: number;
  position: number;
  size: number;
}

const order = new Intl.Collator('en', { numeric: true });

function sort(nodes: TreeNode[]): void {
  nodes.sort(
    (a, b) => Number(a.children === null) - Number(b.children === null) || order.compare(a.name, b.name),
  );
  for (const { children } of nodes) if (children) sort(children);
}

/** The tree of a list of files. */
export function buildTree(files: readonly FileEntry[]): TreeNode[] {
  const roots: TreeNode[] = [];
  const folders = new Map<string, TreeNode[]>([['', roots]]);
  const folderOf = (path: string): TreeNode[] => {
    const known = folders.get(path);
    if (known) return known;
    const slash = path.lastIndexOf('/');
    const children: TreeNode[] = [];
    folders.set(path, children);
    folderOf(path.slice(0, Math.max(slash, 0))).push({
      name: path.slice(slash + 1),
      path,
      children,
      entry: null,
    });
    return children;
  };
  for (const entry of files) {
    const slash = entry.path.lastIndexOf('/');
    const name = entry.path.slice(slash + 1);
    folderOf(entry.path.slice(0, Math.max(slash, 0))).push({ name, path: entry.path, children: null, entry });
  }
  sort(roots);
  return roots;
}

/** The rows that are seen: those in folders that are open. */
export function flatten(nodes: readonly TreeNode[], isOpen: (path: string) => boolean): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (brothers: readonly TreeNode[], level: number) => {
    for (const [index, node] of brothers.entries()) {
      rows.push({ node, level, position: index + 1, size: brothers.length });
      if (node.children && isOpen(node.path)) add(node.children, level + 1);
    }
  };
  add(nodes, 1);
  return rows;
}

/** Figures of files, added up for the folders around them. */
export function sumUp<T>(
  ofFiles: Iterable<readonly [string, T]>,
  add: (a: T, b: T) => T,
): ReadonlyMap<string, T> {
  const sums = new Map<string, T>();
  for (const [path, value] of ofFiles) {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
      const before = sums.get(at);
      sums.set(at, before === undefined ? value : add(before, value));
    }
  }
  return sums;
}
