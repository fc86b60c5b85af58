/** Indexes that the search reads by (views/sql/search): every expression is there as it is here. */

interface Searched {
  /** The column with the name. */
  name: 'name' | 'title';
  /** What its words are looked for in; null: the table has a column for that. */
  vector: string | null;
  /** A column that is compared as it is. */
  identifier?: string;
  /** A second column of the index by names. */
  beside?: string;
  where: string | null;
}

/** The text search vector of a name and a text, where the name weighs more. */
export const vectorOf = (name: string, text: string): string =>
  `(setweight(to_tsvector('simple'::regconfig, ${name}), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, ${text}), 'B'::"char"))`;

/** Name and a second column, as one text. */
export const named = (column: string): string => `(((name)::text || ' '::text) || (${column})::text)`;

export const isKept = 'deleted_at is null';

export function searchIndexes(
  table: string,
  { name, vector, identifier, beside, where }: Searched,
): { name: string; expression: string }[] {
  const condition = where ? ` where ${where}` : '';
  const index = (kind: string, on: string) => ({
    name: `${table}_${kind}_index`,
    expression: `create index "${table}_${kind}_index" on "${table}" ${on}`,
  });
  const indexes = [
    index('prefix', `(lower((${name})::text) text_pattern_ops${beside ? `, "${beside}"` : ''})${condition}`),
  ];
  if (identifier) indexes.push(index(identifier, `("${identifier}")`));
  if (vector) indexes.push(index('search', `using gin (${vector})${condition}`));
  return indexes;
}

/** Of nouns with name, identifier and description that are deleted softly. */
export const nounSearch: Searched = {
  name: 'name',
  vector: vectorOf(named('identifier'), 'description'),
  where: isKept,
};

/** Of what has a title and a text, and is deleted softly. @param text the column of the text. */
export const workSearch = (text: string): Searched => ({
  name: 'title',
  vector: vectorOf('(title)::text', text),
  where: isKept,
});
