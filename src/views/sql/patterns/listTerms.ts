import type pg from 'pg';
import type { Position } from '../../paging.ts';
import type { TermListItem } from '../../patterns.ts';
import { after } from '../keyset.ts';
import { pathTo } from './partColumns.ts';

/** The vocabulary is the left side, so that one without terms can be told from none at all. */
const compose = (ctes: string, condition: string) => `${ctes}
select t.id, t.vocabulary_id as "vocabularyId", t.broader_id as "broaderId", t.name, t.identifier, t.description, t.uri,
  t.metadata, t.row_version as version, t.created_at as "createdAt", t.updated_at as "updatedAt", ${pathTo('vocabulary_terms', 'broader_id')} as path
from vocabularies v
left join lateral (
  select * from vocabulary_terms
  where vocabulary_id = v.id and (created_at, id) > ($3, $4)${condition}
  order by created_at, id limit $5
) t on true
where v.id = $1 and v.project_id = $2 and v.deleted_at is null
order by t.created_at, t.id`;

const all = compose('', '');
const roots = compose('', ' and broader_id is null');
/** However deep the tree is, one query goes down it. */
const below = compose(
  `with recursive narrower as (
  select id from vocabulary_terms where broader_id = $6
  union all
  select t.id from narrower n join vocabulary_terms t on t.broader_id = n.id
)`,
  ' and id in (select id from narrower)',
);

/**
 * Terms of a vocabulary, oldest first, each with the way from its root: all of them, those at any depth below
 * a term, or (null) those without a broader one.
 * @returns undefined when the project has no such vocabulary.
 */
export async function listTerms(
  reads: pg.Pool,
  of: {
    projectId: string;
    vocabularyId: string;
    broaderId: string | null | undefined;
    position: Position | null;
    limit: number;
  },
): Promise<TermListItem[] | undefined> {
  const { broaderId } = of;
  const [name, text] =
    broaderId === undefined ? ['all', all] : broaderId === null ? ['roots', roots] : ['below', below];
  const values: unknown[] = [of.vocabularyId, of.projectId, ...after(of.position), of.limit];
  if (broaderId) values.push(broaderId);
  const { rows } = await reads.query<TermListItem | { id: null }>({
    name: `list terms: ${name}`,
    text,
    values,
  });
  if (rows.length === 0) return undefined;
  return rows.filter((row): row is TermListItem => row.id !== null);
}
