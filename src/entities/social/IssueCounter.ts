import { defineEntity, p } from '@mikro-orm/core';
import { Project } from '../projects/Project.ts';

/** The number of a project's last issue. Whoever makes the next one holds this row until the commit, so no number is lost. */
export const IssueCounterSchema = defineEntity({
  name: 'IssueCounter',
  tableName: 'issue_counters',
  properties: {
    projectId: () => p.manyToOne(Project).mapToPk().primary().deleteRule('cascade'),
    lastNumber: p.integer(),
  },
});

export class IssueCounter extends IssueCounterSchema.class {}
IssueCounterSchema.setClass(IssueCounter);
