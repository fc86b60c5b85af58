import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, metadata, text } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Branch } from './Branch.ts';

/** The entity itself: its own definition names it before it is there. */
const self = (): new () => { id: string } => Commit;

/** Changes of patterns that were recorded together; immutable. */
export const CommitSchema = defineEntity({
  name: 'Commit',
  tableName: 'commits',
  indexes: [{ name: 'commits_branch_id_created_at_index', properties: ['branchId', 'createdAt', 'id'] }],
  checks: [
    { name: 'commits_not_own_parent', expression: 'parent_id <> id and second_parent_id <> id' },
    { name: 'commits_two_parents', expression: 'second_parent_id <> parent_id' },
  ],
  properties: {
    id: id(),
    branchId: () => p.manyToOne(Branch).mapToPk().deleteRule('cascade'),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    message: p.text(),
    parentId: () => p.manyToOne(self()).mapToPk().nullable().deleteRule('set null').index(),
    /** Of a merge: the commit that was merged in. */
    secondParentId: () => p.manyToOne(self()).mapToPk().nullable().deleteRule('set null').index(),
    treeHash: text(64),
    metadata: metadata(),
    createdAt: createdAt(),
  },
});

export class Commit extends CommitSchema.class {}
CommitSchema.setClass(Commit);
