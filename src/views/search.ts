/** What the search answers. */
import { z } from 'zod';
import { fail } from '../errors.ts';
import type { AfterMatch } from './sql/search/findMatches.ts';
import type { SearchKindName } from './sql/search/searchKinds.ts';

/** How a row was found, from the best to the last: the words for the tiers 1 to 4. */
export const matchNames = ['identifier', 'name', 'text', 'similar'] as const;
export type MatchName = (typeof matchNames)[number];

export interface SearchRow {
  kind: SearchKindName;
  id: string;
  tier: number;
  score: number;
  projectId: string;
  projectName: string;
  projectIdentifier: string;
  parentId: string | null;
  identifier: string | null;
  name: string;
  excerpt: string;
}

export interface SearchItem {
  kind: SearchKindName;
  id: string;
  project: { id: string; name: string; identifier: string };
  /** The vocabulary of a term, the ontology of a class, the thread of a comment. */
  parentId: string | null;
  /** The number of an issue, the path of a file; null: this kind has none. */
  identifier: string | null;
  name: string;
  /** The beginning of its text. */
  excerpt: string;
  /** `identifier`: exactly that; `name`: begins with it; `text`: contains its words; `similar`: was perhaps meant. */
  match: MatchName;
  /** Higher is better, among rows of the same `match`. */
  score: number;
}

export interface SearchAnswer {
  items: SearchItem[];
  /** Give it back as `cursor` for the next page; null: this was the last. */
  nextCursor: string | null;
  /** How many rows of each kind were found, on all pages; kinds without any are left out. From 500 on (100 of similar ones) it may be more. */
  found: Partial<Record<SearchKindName, number>>;
}

export function viewMatch(row: SearchRow): SearchItem {
  return {
    kind: row.kind,
    id: row.id,
    project: { id: row.projectId, name: row.projectName, identifier: row.projectIdentifier },
    parentId: row.parentId,
    identifier: row.identifier,
    name: row.name,
    excerpt: row.excerpt,
    match: matchNames[row.tier - 1] ?? 'similar',
    score: row.score,
  };
}

const cursor = z.tuple([z.number().int().min(1).max(4), z.number(), z.uuid()]);

export function writeMatchCursor({ tier, score, id }: AfterMatch): string {
  return Buffer.from(JSON.stringify([tier, score, id])).toString('base64url');
}

/** @throws CURSOR_INVALID when it is none of ours. */
export function readMatchCursor(given: string | null | undefined): AfterMatch | null {
  if (!given) return null;
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(given, 'base64url').toString());
  } catch {
    return fail('CURSOR_INVALID');
  }
  const { data } = cursor.safeParse(read);
  return data ? { tier: data[0], score: data[1], id: data[2] } : fail('CURSOR_INVALID');
}
