import type pg from 'pg';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';
import type { Position } from '../../paging.ts';
import type { HistoryView } from '../../patterns.ts';
import { type AuthorColumns, authorColumns, toAuthor } from '../authorColumns.ts';
import { before } from '../keyset.ts';

interface Row extends AuthorColumns, Omit<HistoryView, 'id' | 'actor' | 'names'> {
  id: string | null;
}

/** What is told of is the left side, so that a page beyond the last can be told from nothing at all. */
const compose = (noun: Noun) => `
select h.id, h.version, h.action, h.diff as changes, h.state, h.created_at as "createdAt", ${authorColumns}
from ${nouns[noun].table} t
left join lateral (
  select * from ${nouns[noun].history} h
  where h.${nouns[noun].key} = t.id and (h.created_at, h.id) < ($3, $4)
  order by h.created_at desc, h.id desc limit $5
) h on true
left join actors a on a.id = h.changed_by
where t.id = $1 and t.project_id = $2
order by h.created_at desc, h.id desc`;

/**
 * Versions of a row, deleted or not, newest first.
 * @returns undefined when the project has none of this id.
 */
export async function listHistory(
  reads: pg.Pool,
  noun: Noun,
  of: { projectId: string; id: string; position: Position | null; limit: number },
): Promise<Omit<HistoryView, 'names'>[] | undefined> {
  const { rows } = await reads.query<Row>({
    name: `list history of ${noun}`,
    text: compose(noun),
    values: [of.id, of.projectId, ...before(of.position), of.limit],
  });
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ id, version, action, changes, state, createdAt, ...author }) =>
    id === null ? [] : [{ id, version, action, actor: toAuthor(author), changes, state, createdAt }],
  );
}
