import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { executePrepared } from '../../database/executePrepared.ts';
import { systemCause, transact } from '../../database/transaction.ts';
import { searchKinds } from '../../views/sql/search/searchKinds.ts';

/** Words that are looked at, and that are dropped, in one run at most. */
const mostWords = 1_000;
const mostDropped = 100;
/** How long a run waits for the table: who reads or adds words waits behind it. */
const lockMs = 200;

const { thread: _, comment: __, file: ___, ...namedKinds } = searchKinds;
const named = Object.values(namedKinds).map(({ from, condition, name, vector }) => {
  const [table = ''] = from.split(' ');
  return { table, isKept: condition === 't.deleted_at is null' ? condition : null, name, vector };
});
/** Whose names the words are of: triggers of the database collect them. */
export const namedTables: readonly string[] = named.map(({ table }) => table);

/** The word as a query for it in names (`A`), not in descriptions. */
const query = `(quote_literal(replace(w.word, '\\', '\\\\')) || ':A')::tsquery`;
const isInName = named
  .map(
    ({ table, isKept, vector }) =>
      `exists (select from ${table} t where ${isKept ? `${isKept} and ` : ''}${vector} @@ ${query})`,
  )
  .join(' or ');
/** These could be restored. The indexes for the search leave them out, but there are few of them. */
const deletedNames = named
  .filter(({ isKept }) => isKept !== null)
  .map(({ table, name }) => `select ${name} as name from ${table} t where t.deleted_at is not null`)
  .join(' union all ');

const findUnused = (words: string) => `
with deleted as materialized (
  select distinct d.word from (${deletedNames}) n cross join lateral search_words_of(n.name) as d (word)
)
select w.word from (${words}) w
where not (${isInName}) and not exists (select from deleted d where d.word = w.word)
limit ${mostDropped}`;

const findInPart = findUnused(
  `select distinct word from search_words where mod(hashtext(word)::bigint + 2147483648, $1) = $2 limit ${mostWords} offset 0`,
);
const findAgain = findUnused('select word from unnest($1::text[]) as u (word)');

/** By the indexes: to prove that a word is nowhere without them, every table is read whole. */
async function find(em: EntityManager, sql: string, values: readonly unknown[]): Promise<string[]> {
  await em.execute('set local enable_seqscan = off');
  const rows = await executePrepared<{ word: string }>(em, sql, values);
  return rows.map(({ word }) => word);
}

const isLocked = (error: unknown) => error instanceof Error && 'code' in error && error.code === '55P03';

/**
 * Removes words that stand in no name any more from those by which a misspelt search is corrected. The words are
 * split in `parts` by their hash, and one part is looked at. A transaction that saw a word there, and so did not add
 * it, holds the table until it is over: they are looked at once more, and dropped, when nobody else holds it. Where
 * that takes too long they are left for the next time.
 * @param part from 0 on
 * @returns how many words were dropped.
 */
export async function dropUnusedWords(
  orm: MikroORM,
  { part, parts }: { part: number; parts: number },
): Promise<number> {
  const unused = await transact(orm, systemCause, (em) => find(em, findInPart, [parts, part]));
  if (unused.length === 0) return 0;
  try {
    return await transact(orm, systemCause, async (em) => {
      await em.execute(`set local lock_timeout = '${lockMs}ms'`);
      await em.execute('lock table search_words in access exclusive mode');
      const words = await find(em, findAgain, [unused]);
      await executePrepared(em, 'delete from search_words where word = any($1::text[])', [words]);
      return words.length;
    });
  } catch (error) {
    if (isLocked(error)) return 0;
    throw error;
  }
}
