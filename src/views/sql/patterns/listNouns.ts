import type pg from 'pg';
import { type Noun, nouns } from '../../../entities/patterns/nouns.ts';
import type { Position } from '../../paging.ts';
import type { NounViews } from '../../patterns.ts';
import { before } from '../keyset.ts';
import { nounColumns } from './nounColumns.ts';

export interface NounFilter {
  projectId: string;
  /** Deleted ones instead of those that are there. */
  deleted: boolean;
  /** Patterns of this category; null: of none. */
  categoryId?: string | null | undefined;
  /** Categories right below this one; null: roots. */
  parentId?: string | null | undefined;
  position: Position | null;
  limit: number;
}

/** Each combination is a statement of its own, so that each finds its index also in the generic plan. */
function compose(noun: Noun, filter: NounFilter): { key: string; text: string; values: unknown[] } {
  const values: unknown[] = [filter.projectId, ...before(filter.position), filter.limit];
  const conditions = [filter.deleted ? 't.deleted_at is not null' : 't.deleted_at is null'];
  const add = (column: string, value: string | null | undefined) => {
    if (value === null) conditions.push(`${column} is null`);
    else if (value !== undefined) conditions.push(`${column} = $${values.push(value)}`);
  };
  add('t.category_id', filter.categoryId);
  add('t.parent_id', filter.parentId);
  const key = conditions.join(' and ');
  const text = `
select ${nounColumns[noun]}
from ${nouns[noun].table} t
where t.project_id = $1 and (t.created_at, t.id) < ($2, $3) and ${key}
order by t.created_at desc, t.id desc limit $4`;
  return { key, text, values };
}

/** Up to `limit` rows of a noun before a position, newest first. */
export async function listNouns<N extends Noun>(
  reads: pg.Pool,
  noun: N,
  filter: NounFilter,
): Promise<NounViews[N][]> {
  const { key, text, values } = compose(noun, filter);
  const { rows } = await reads.query<NounViews[N]>({ name: `list ${noun}: ${key}`, text, values });
  return rows;
}
