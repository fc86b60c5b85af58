import type pg from 'pg';
import type { LabelCount } from '../social.ts';

const text = `
select label, count(*) filter (where i.state = 'open')::int as open, count(*)::int as total
from issues i
cross join lateral jsonb_array_elements_text(i.labels) as label
where i.project_id = $1 and i.deleted_at is null and i.labels <> '[]'
group by label
order by total desc, label
limit $2`;

/** The labels that a project's issues have, the most used first. */
export async function listLabels(reads: pg.Pool, projectId: string, limit: number): Promise<LabelCount[]> {
  return (await reads.query<LabelCount>({ name: 'list labels', text, values: [projectId, limit] })).rows;
}
