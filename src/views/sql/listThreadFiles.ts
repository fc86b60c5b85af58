import type pg from 'pg';
import type { ThreadFile } from '../threads.ts';
import { composeConditions } from './conditions.ts';

const conditions = { prefix: 'starts_with(t.file_path, $)' };

/** Reads the index of threads by file from the path on, so that a page costs the threads that it counts. */
const compose = (filter: string) => `
select t.file_path as "filePath", count(*) filter (where t.status = 'open')::int as open,
  count(*) filter (where t.status = 'resolved')::int as resolved,
  count(*) filter (where t.status = 'open' and t.placement <> 'current')::int as outdated
from comment_threads t
where t.project_id = $1 and t.deleted_at is null and t.file_path > $2${filter}
group by t.file_path
order by t.file_path
limit $3`;

/** Up to `limit` files in which threads stand after a path, in the order of the database's own collation. */
export async function listThreadFiles(
  reads: pg.Pool,
  of: { projectId: string; prefix: string | undefined; after: string; limit: number },
): Promise<ThreadFile[]> {
  const { key, sql, values } = composeConditions({ prefix: of.prefix }, conditions, 4);
  const { rows } = await reads.query<ThreadFile>({
    name: `list thread files ${key}`,
    text: compose(sql),
    values: [of.projectId, of.after, of.limit, ...values],
  });
  return rows;
}
