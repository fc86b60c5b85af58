import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, moment, text, updatedAt } from '../columns.ts';
import { deletedIndex } from '../deletedIndex.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { searchIndexes, workSearch } from '../searchIndexes.ts';

/** Something to be talked about and settled, numbered 1, 2, 3 … in its project. Threads on it are its discussion. */
export const IssueSchema = defineEntity({
  name: 'Issue',
  tableName: 'issues',
  indexes: [
    { name: 'issues_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    {
      name: 'issues_labels_index',
      expression: 'create index "issues_labels_index" on "issues" using gin ("labels" jsonb_path_ops)',
    },
    deletedIndex('issues'),
    ...searchIndexes('issues', { ...workSearch('body'), identifier: 'number' }),
  ],
  uniques: [{ name: 'issues_project_id_number_unique', properties: ['projectId', 'number'] }],
  checks: [
    { name: 'issues_number_positive', expression: 'number >= 1' },
    { name: 'issues_body_size', expression: 'octet_length(body) <= 65536' },
    { name: 'issues_labels_list', expression: `jsonb_typeof(labels) = 'array'` },
    { name: 'issues_closed_at_when_closed', expression: `(state = 'closed') = (closed_at is not null)` },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    number: p.integer(),
    title: text(255),
    body: p.text().default(''),
    state: p
      .enum(['open', 'closed'] as const)
      .nativeEnumName('issue_state')
      .default('open'),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    assigneeId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    labels: p
      .json()
      .$type<string[]>()
      .defaultRaw(`'[]'::jsonb`)
      .onCreate(() => []),
    metadata: metadata(),
    closedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    closedAt: moment(),
    rowVersion: p.integer().version(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class Issue extends IssueSchema.class {
  /** Closing twice changes nothing. */
  close(actorId: string, now: Date): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.closedBy = actorId;
    this.closedAt = now;
  }

  reopen(): void {
    this.state = 'open';
    this.closedBy = null;
    this.closedAt = null;
  }
}
IssueSchema.setClass(Issue);
