import { useLocation, useSearch } from '@tanstack/react-router';

/** Lines of a file, from 1, both ends included. */
export interface Lines {
  start: number;
  end: number;
}

/** What the address of a file's page names. */
export interface FilePlace {
  path: string;
  /** An old version; undefined: the latest. */
  version: number | undefined;
  /** The thread that is open. */
  threadId: string | undefined;
  lines: Lines | null;
}

/** `#L10` or `#L10-L20` → the lines. */
export function parseLines(hash: string): Lines | null {
  const match = /^#?L([1-9]\d{0,8})(?:-L?([1-9]\d{0,8}))?$/.exec(hash);
  if (!match) return null;
  const [first, second] = [Number(match[1]), Number(match[2] ?? match[1])];
  return { start: Math.min(first, second), end: Math.max(first, second) };
}

/** The reverse, without the `#`; empty without lines. */
export function writeLines(lines: Lines | null): string {
  if (!lines) return '';
  return lines.start === lines.end ? `L${lines.start}` : `L${lines.start}-L${lines.end}`;
}

/** “line 12”, “lines 12–14”. */
export const nameLines = ({ start, end }: Lines) =>
  start === end ? `line ${start}` : `lines ${start}–${end}`;

/** What a link to a file, some of its lines or a thread in it takes. */
export function linkToFile(
  projectId: string,
  place: { path: string } & Partial<FilePlace>,
): { to: string; search: Record<string, string | number>; hash: string } {
  const { path, version, threadId, lines } = place;
  return {
    to: `/projects/${projectId}/files/view`,
    search: {
      path,
      ...(version === undefined ? {} : { version }),
      ...(threadId === undefined ? {} : { thread: threadId }),
    },
    hash: writeLines(lines ?? null),
  };
}

/** The place that the address names. */
export function useFilePlace(): FilePlace {
  const search: { path?: unknown; version?: unknown; thread?: unknown } = useSearch({ strict: false });
  const { hash } = useLocation();
  const version = Number(search.version);
  return {
    // A file may be called 12 or true: the router reads such a name as what it looks like.
    path: typeof search.path === 'string' ? search.path : JSON.stringify(search.path ?? null),
    version: Number.isInteger(version) && version > 0 ? version : undefined,
    threadId: typeof search.thread === 'string' ? search.thread : undefined,
    lines: parseLines(hash),
  };
}
