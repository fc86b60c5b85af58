import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../../database/executePrepared.ts';
import { nouns } from '../../../../entities/patterns/nouns.ts';
import type { ImportedRow } from '../../../../entities/patterns/patternColumns.ts';
import type { PatternKind } from '../../../../entities/patterns/patternKinds.ts';

/**
 * Rows are kept by project and hash, whatever order they came in; what people changed of a pattern since it
 * was imported stays.
 */
const compose = (kind: PatternKind) => `
update ${nouns[kind].table} t
set original_data = jsonb_build_object('rows', n.rows),
  metadata = t.metadata || jsonb_build_object('import', jsonb_build_object('projects', m.projects)),
  row_version = t.row_version + 1,
  updated_at = greatest(now(), t.updated_at + interval '1 ms')
from jsonb_to_recordset($1::jsonb) as g (id uuid, rows jsonb)
join ${nouns[kind].table} o on o.id = g.id
cross join lateral (
  select coalesce(jsonb_agg(r order by r ->> 'project' collate "C", r ->> 'hash' collate "C"), '[]') as rows
  from jsonb_array_elements(coalesce(o.original_data -> 'rows', '[]') || g.rows) r
) n
cross join lateral (
  select coalesce(jsonb_agg(name order by name collate "C"), '[]') as projects
  from (select distinct r ->> 'project' as name from jsonb_array_elements(n.rows) r where r ->> 'project' <> '') p
) m
where t.id = g.id and t.deleted_at is null
returning t.id`;

/** Adds rows to the patterns that they say again. @returns the ids of those that are there. */
export async function mergeRows(
  em: EntityManager,
  kind: PatternKind,
  patterns: readonly { id: string; rows: readonly ImportedRow[] }[],
): Promise<string[]> {
  const rows = await executePrepared<{ id: string }>(em, compose(kind), [JSON.stringify(patterns)]);
  return rows.map((row) => row.id);
}
