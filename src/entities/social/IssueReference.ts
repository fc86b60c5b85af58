import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from '../columns.ts';
import { Comment } from '../threads/Comment.ts';
import { Issue } from './Issue.ts';

/** That the body of another issue, or a comment, names an issue as `#12`; exactly one of the two. */
export const IssueReferenceSchema = defineEntity({
  name: 'IssueReference',
  tableName: 'issue_references',
  uniques: [
    { name: 'issue_references_issue_unique', properties: ['sourceIssueId', 'issueId'] },
    { name: 'issue_references_comment_unique', properties: ['sourceCommentId', 'issueId'] },
  ],
  checks: [
    {
      name: 'issue_references_one_source',
      expression: 'num_nonnulls(source_issue_id, source_comment_id) = 1',
    },
    { name: 'issue_references_not_itself', expression: 'source_issue_id <> issue_id' },
  ],
  properties: {
    id: id(),
    issueId: () => p.manyToOne(Issue).mapToPk().deleteRule('cascade').index(),
    sourceIssueId: () => p.manyToOne(Issue).mapToPk().nullable().deleteRule('cascade'),
    sourceCommentId: () => p.manyToOne(Comment).mapToPk().nullable().deleteRule('cascade'),
    createdAt: createdAt(),
  },
});

export class IssueReference extends IssueReferenceSchema.class {}
IssueReferenceSchema.setClass(IssueReference);
