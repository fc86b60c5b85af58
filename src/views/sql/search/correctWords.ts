import type pg from 'pg';
import { countEdits } from '../../countEdits.ts';

/** Words of a text that are looked at: who misspells more has to try again. */
const mostWords = 6;

/**
 * For each word the ones that have most trigrams in common with it, of those that names are made of. Which of them is
 * nearest is told by letters then: in short words, one that is wrong leaves hardly a trigram as it was. So the
 * threshold is below pg_trgm's own of 0.3 ("krtaer" and "krater" have 0.27), for this statement alone: it is set before
 * the index is read, because what is read depends on the row that sets it.
 */
const sql = `
select w.word, n.word as like
from (select set_config('pg_trgm.similarity_threshold', '0.2', true) as threshold offset 0) c
cross join unnest($1::text[]) as w (word)
cross join lateral (
  select s.word, max(similarity(s.word, w.word)) as likeness
  from search_words s
  where s.word % w.word and c.threshold is not null
  group by s.word
  order by 2 desc, abs(length(s.word) - length(w.word)), s.word
  limit 30
) n`;

const quote = (word: string) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** As PostgreSQL's parser splits plain text: what is no letter and no digit parts words. */
const wordsOf = (text: string) =>
  [...new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu))]
    .filter((word) => word.length >= 4)
    .slice(0, mostWords);

/** A tsquery of the words that were probably meant; null when there are none. */
export async function correctWords(reads: pg.Pool, text: string): Promise<string | null> {
  const words = wordsOf(text);
  if (words.length === 0) return null;
  const { rows } = await reads.query<{ word: string; like: string }>({
    name: 'correct words',
    text: sql,
    values: [words],
  });
  const corrected = words.map((word) => {
    const near = rows
      .filter((row) => row.word === word)
      .map(({ like }) => ({ like, edits: countEdits(word, like) }));
    const fewest = Math.min(...near.map(({ edits }) => edits));
    return near.filter(({ edits }) => edits === fewest).map(({ like }) => quote(like));
  });
  if (corrected.some((alternatives) => alternatives.length === 0)) return null;
  return corrected.map((alternatives) => `(${alternatives.slice(0, 3).join(' | ')})`).join(' & ');
}
