import type pg from 'pg';
import type { IssueView } from '../social.ts';
import { issueColumns } from './issueColumns.ts';

const compose = (key: string) => `
select ${issueColumns}
from issues i
left join actors a on a.id = i.author_id
left join actors s on s.id = i.assignee_id
where i.project_id = $1 and i.${key} = $2 and i.deleted_at is null`;

const byId = { name: 'read issue by id', text: compose('id') };
const byNumber = { name: 'read issue by number', text: compose('number') };

/** One issue, by its id or its number; undefined when the project has no such issue. */
export async function readIssue(
  reads: pg.Pool,
  projectId: string,
  key: { issueId: string } | { number: number },
): Promise<IssueView | undefined> {
  const query =
    'issueId' in key
      ? { ...byId, values: [projectId, key.issueId] }
      : { ...byNumber, values: [projectId, key.number] };
  return (await reads.query<IssueView>(query)).rows[0];
}
