import pLimit from 'p-limit';
import type pg from 'pg';
import type { ProjectScope } from '../../../authz/projectsWhere.ts';
import {
  type SearchAnswer,
  type SearchRow,
  readMatchCursor,
  viewMatch,
  writeMatchCursor,
} from '../../search.ts';
import { correctWords } from './correctWords.ts';
import { type AfterMatch, type FoundOfKind, type Wanted, findMatches } from './findMatches.ts';
import { type Visible, findVisible } from './findVisible.ts';
import { type SearchKindName, searchKindNames, searchKinds } from './searchKinds.ts';

/** Who searches. */
export interface Searcher {
  reads: pg.Pool;
  /** Where they may call a procedure. */
  scopeOf: (permission: string) => ProjectScope;
}

export interface SearchInput {
  text: string;
  projectId?: string | undefined;
  kinds?: readonly SearchKindName[] | undefined;
  cursor?: string | null | undefined;
  limit: number;
}

/** Characters of the text that count. */
const mostCharacters = 200;
/** Statements of one search at a time: other calls need connections too. */
const mostAtOnce = 4;

/** What PostgreSQL can store of what somebody typed, on one line. It never fails: what is left may be nothing. */
function clean(text: string): string {
  const line = text
    .slice(0, 2 * mostCharacters)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zs}\u2028\u2029]+/gu, ' ');
  return Array.from(line.trim()).slice(0, mostCharacters).join('').trim();
}

type Places = ReadonlyMap<SearchKindName, Visible>;

/** Where the caller sees each kind; kinds that they see nowhere are left out. */
async function findPlaces(
  { reads, scopeOf }: Searcher,
  kinds: readonly SearchKindName[],
  projectId: string | null,
): Promise<Places> {
  const asked = new Map<string, Promise<Visible | undefined>>();
  const places = new Map<SearchKindName, Visible>();
  for (const kind of kinds) {
    const scope = scopeOf(searchKinds[kind].permission);
    const key = JSON.stringify(scope);
    const visible = asked.get(key) ?? findVisible(reads, scope, projectId);
    asked.set(key, visible);
    const found = await visible;
    if (found) places.set(kind, found);
  }
  return places;
}

const best = (a: SearchRow, b: SearchRow) =>
  a.tier - b.tier || b.score - a.score || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

async function searchPlaces(
  reads: pg.Pool,
  places: Places,
  wanted: Wanted,
  pageOf: { after: AfterMatch | null; limit: number },
): Promise<SearchAnswer> {
  const limit = pLimit(mostAtOnce);
  const results = await Promise.all(
    [...places].map(([kind, visible]) =>
      limit(async (): Promise<[SearchKindName, FoundOfKind]> => [
        kind,
        await findMatches(reads, kind, wanted, visible, { ...pageOf, limit: pageOf.limit + 1 }),
      ]),
    ),
  );
  const rows = results.flatMap(([, { rows: some }]) => some).toSorted(best);
  const shown = rows.slice(0, pageOf.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(viewMatch),
    nextCursor: rows.length > pageOf.limit && last ? writeMatchCursor(last) : null,
    found: Object.fromEntries(
      results.flatMap(([kind, { found }]) => (found > 0 ? [[kind, found] as const] : [])),
    ),
  };
}

/**
 * Finds rows in tiers: exactly that identifier, names that begin so, texts with all the words; and where there is none
 * of these, what was probably meant. Every statement is narrowed to where the searcher may read that kind.
 * @throws CURSOR_INVALID
 */
export async function runSearch(searcher: Searcher, input: SearchInput): Promise<SearchAnswer> {
  const { reads } = searcher;
  const after = readMatchCursor(input.cursor);
  const text = clean(input.text);
  const nothing: SearchAnswer = { items: [], nextCursor: null, found: {} };
  if (text === '') return nothing;
  const kinds = [...new Set(input.kinds ?? searchKindNames)];
  const places = await findPlaces(searcher, kinds, input.projectId ?? null);
  const pageOf = { after, limit: input.limit };
  if (after?.tier !== 4) {
    const answer = await searchPlaces(reads, places, { text, corrected: null }, pageOf);
    if (after !== null || answer.items.length > 0) return answer;
  }
  const corrected = await correctWords(reads, text);
  return corrected === null ? nothing : searchPlaces(reads, places, { text, corrected }, pageOf);
}
