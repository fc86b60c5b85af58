import type { EntityManager } from '@mikro-orm/postgresql';
import { executePrepared } from '../../../database/executePrepared.ts';
import type { IssueReferenceView } from '../../../views/social.ts';

export type ReferenceSource = { issueId: string } | { commentId: string };

/**
 * What is no longer named goes, what is newly named comes, the rest keeps its moment. An issue does not refer
 * to itself, neither by its body nor by the comments of its own threads.
 */
const sql = `
with named as materialized (
  select i.id, n.id as reference_id
  from jsonb_to_recordset($1::jsonb) as n (id uuid, number int)
  join issues i on i.project_id = $2 and i.number = n.number
  where i.id is distinct from $3::uuid and not exists (
    select from comments c join comment_threads t on t.id = c.thread_id
    where c.id = $4::uuid and t.subject_type = 'issue' and t.subject_id = i.id
  )
), gone as (
  delete from issue_references
  where (source_issue_id = $3::uuid or source_comment_id = $4::uuid) and issue_id not in (select id from named)
)
insert into issue_references (id, issue_id, source_issue_id, source_comment_id)
select reference_id, id, $3::uuid, $4::uuid from named
on conflict do nothing
returning issue_id as "issueId", source_issue_id as "sourceIssueId", source_comment_id as "sourceCommentId",
  (extract(epoch from created_at) * 1000)::float8 as "createdMs"`;

type Row = Omit<IssueReferenceView, 'createdAt'> & { createdMs: number };

/** Keeps which issues of the project a body or a comment names now. @returns those that it did not name before. */
export async function putReferences(
  em: EntityManager,
  of: { projectId: string; source: ReferenceSource; named: readonly { id: string; number: number }[] },
): Promise<IssueReferenceView[]> {
  const { source } = of;
  const rows = await executePrepared<Row>(em, sql, [
    JSON.stringify(of.named),
    of.projectId,
    'issueId' in source ? source.issueId : null,
    'commentId' in source ? source.commentId : null,
  ]);
  return rows.map((row) => ({
    issueId: row.issueId,
    sourceIssueId: row.sourceIssueId,
    sourceCommentId: row.sourceCommentId,
    createdAt: new Date(row.createdMs),
  }));
}
