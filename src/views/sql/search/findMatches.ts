import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { SearchRow } from '../../search.ts';
import type { Visible } from './findVisible.ts';
import { type SearchKind, type SearchKindName, searchKinds } from './searchKinds.ts';

/**
 * How many rows of a kind a way of matching looks at, at most: they are what is ranked, counted and paged. So a
 * word that stands in every row costs no more than one that stands in five hundred.
 */
const mostMatches = 500;
/** Of corrected words: each name is compared with what was typed. */
const mostSimilar = 100;

/** What is looked for, made safe for PostgreSQL: see routers/search.ts. */
export interface Wanted {
  text: string;
  /** Words to find instead of the text, as a tsquery that is well-formed; null: what the text says. */
  corrected: string | null;
}

/** Where a page goes on: after the row of this tier, score and id. */
export interface AfterMatch {
  tier: number;
  score: number;
  id: string;
}

interface Statement {
  /** Prepared under this name; without one, planned for its values each time. */
  name?: string;
  text: string;
  values: unknown[];
}

/** Builds the text of a statement and its values together. */
class Parameters {
  readonly values: unknown[] = [];
  /** @returns the placeholder. */
  add(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }
}

const escapeLike = (part: string) => part.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** Number of an issue, as `#12` or `12`; null: the text is none. */
function readNumber(text: string): number | null {
  const digits = /^#?(\d{1,9})$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The condition of the first tier; null: the text cannot be an identifier of this kind. */
function exactly(
  name: SearchKindName,
  kind: SearchKind,
  text: string,
  parameters: Parameters,
): string | null {
  if (kind.identifier === null) return null;
  if (name === 'issue') {
    const number = readNumber(text);
    return number === null ? null : `${kind.identifier} = ${parameters.add(number, 'int')}`;
  }
  return `${kind.identifier} = any(${parameters.add([...new Set([text, text.toLowerCase()])], 'text[]')})`;
}

/** Cuts the page before its rows are read in full. */
function wrap(
  kindName: SearchKindName,
  { ctes, branches, parameters }: { ctes: string; branches: readonly string[]; parameters: Parameters },
  { after, limit }: { after: AfterMatch | null; limit: number },
): Statement {
  const kind: SearchKind = searchKinds[kindName];
  const rest = after
    ? `where (-tier, score, id) < (${parameters.add(-after.tier, 'int')}, ${parameters.add(after.score, 'float8')}, ${parameters.add(after.id, 'uuid')})`
    : '';
  const text = `${ctes}${ctes ? ',' : 'with'} matches as materialized (
  select id, min(tier) as tier, (array_agg(score order by tier))[1] as score from (${branches.join(' union all ')}) m group by id
), shown as (
  select * from matches ${rest} order by tier, score desc, id desc limit ${parameters.add(limit, 'int')}
)
select '${kindName}' as kind, m.id, m.tier, m.score, p.id as "projectId", p.name as "projectName", p.identifier as "projectIdentifier",
  ${kind.parent ?? 'null::uuid'} as "parentId", ${kind.identifier ?? 'null'}::text as identifier, (${kind.name})::text as name,
  left(${kind.description}, 200) as excerpt, c.found
from (select count(*)::int as found from matches) c
left join (shown m join ${kind.from} on t.id = m.id join projects p on p.id = ${kind.projectId}) on true
order by m.tier, m.score desc, m.id desc`;
  const name = createHash('sha1').update(text).digest('base64');
  return { ...(kind.isLarge ? {} : { name: `search ${name}` }), text, values: parameters.values };
}

/** Paths that are looked at for a part of one: there is no index for that, which every sync would have to keep. */
const mostPaths = 50_000;

/** The caller's files: exactly that path, one that begins so, one that contains it. */
function composeFiles(
  wanted: Wanted,
  visible: Visible,
  page: { after: AfterMatch | null; limit: number },
): Statement | null {
  if (wanted.corrected !== null || visible.projectIds === null) return null;
  const parameters = new Parameters();
  const path = parameters.add(wanted.text, 'text');
  const beginning = parameters.add(`${escapeLike(wanted.text)}%`, 'text');
  const part = parameters.add(`%${escapeLike(wanted.text)}%`, 'text');
  const branch = `(select id, case when file_path = ${path} then 1 when file_path like ${beginning} then 2 else 3 end as tier, 1::float8 / (1 + length(file_path)) as score
    from (
      select * from source_files where project_id = any(${parameters.add(visible.projectIds, 'uuid[]')})
      order by project_id, file_path limit ${mostPaths}
    ) t
    where file_path ilike ${part} and ${searchKinds.file.condition} limit ${mostMatches})`;
  return wrap('file', { ctes: '', branches: [branch], parameters }, page);
}

/**
 * Tiers 1 to 3 (or 4: corrected words) of a kind. Each takes the first rows of an index that the caller may see, and
 * the best tier of a row counts. For patterns, of which there may be millions, it is not prepared under a name: PostgreSQL
 * then plans for these values, and knows whether a word is in most rows (read the table until there are enough) or
 * in few (read the index); one plan for all would collect 700,000 rows to throw them away. Of the other kinds planning
 * takes longer than reading.
 */
function compose(
  name: SearchKindName,
  wanted: Wanted,
  visible: Visible,
  page: { after: AfterMatch | null; limit: number },
): Statement | null {
  if (name === 'file') return composeFiles(wanted, visible, page);
  const kind: SearchKind = searchKinds[name];
  const parameters = new Parameters();
  const scope =
    visible.projectIds === null
      ? visible.condition(parameters.values)
      : { ctes: '', sql: `${kind.projectId} = any(${parameters.add(visible.projectIds, 'uuid[]')})` };
  const from =
    visible.projectIds === null ? `${kind.from} join projects p on p.id = ${kind.projectId}` : kind.from;
  const where = `${kind.condition} and ${scope.sql}`;
  const branches: string[] = [];
  const add = (tier: number, score: string, condition: string, order = '') =>
    branches.push(
      `(select t.id, ${tier} as tier, ${score} as score from ${from} where ${condition} and ${where}${order} limit ${tier === 4 ? mostSimilar : mostMatches})`,
    );
  if (wanted.corrected !== null) {
    if (kind.vector === null || kind.prefix === null) return null;
    const query = parameters.add(wanted.corrected, 'tsquery');
    const text = parameters.add(wanted.text, 'text');
    add(4, `word_similarity(${text}, (${kind.name})::text)::float8`, `${kind.vector} @@ ${query}`);
  } else {
    const isExact = exactly(name, kind, wanted.text, parameters);
    if (isExact) add(1, '1::float8', isExact);
    if (kind.prefix) {
      const beginning = parameters.add(`${escapeLike(wanted.text.toLowerCase())}%`, 'text');
      // The shorter the name, the more of it was typed.
      add(
        2,
        `1::float8 / (1 + length(${kind.name}))`,
        `${kind.prefix} like ${beginning}`,
        ` order by ${kind.prefix} using ~<~`,
      );
    }
    if (kind.vector) {
      const query = `plainto_tsquery('simple', ${parameters.add(wanted.text, 'text')})`;
      add(3, `ts_rank(${kind.vector}, ${query})::float8`, `${kind.vector} @@ ${query}`);
    }
  }
  return wrap(name, { ctes: scope.ctes, branches, parameters }, page);
}

export interface FoundOfKind {
  rows: SearchRow[];
  /** How many there are, on all pages, up to `mostMatches` for each tier. */
  found: number;
}

/** The best rows of a kind that the caller may see, best first. */
export async function findMatches(
  reads: pg.Pool,
  name: SearchKindName,
  wanted: Wanted,
  visible: Visible,
  page: { after: AfterMatch | null; limit: number },
): Promise<FoundOfKind> {
  const statement = compose(name, wanted, visible, page);
  if (!statement) return { rows: [], found: 0 };
  const { rows } = await reads.query<SearchRow & { found: number }>(statement);
  return {
    found: rows[0]?.found ?? 0,
    rows: rows.filter(({ id }) => id !== null).map(({ found: _, ...row }) => row),
  };
}
