import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, moment, text, updatedAt } from '../columns.ts';
import { deletedIndex } from '../deletedIndex.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';
import { searchIndexes } from '../searchIndexes.ts';

/** Where a thread was first put: kept as it was, so that it can be found again in any later version. */
export interface ThreadAnchor {
  version: number;
  commitSha: string;
  path: string;
  lineStart: number;
  lineEnd: number;
  /** The anchored lines. */
  text: string;
  /** SHA-256 of the file's bytes at that version. */
  sha256: string;
}

/** A discussion on lines of a file, or on another subject; exactly one of the two. */
export const CommentThreadSchema = defineEntity({
  name: 'CommentThread',
  tableName: 'comment_threads',
  indexes: [
    { name: 'comment_threads_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'comment_threads_file_index', properties: ['projectId', 'filePath'] },
    { name: 'comment_threads_subject_index', properties: ['subjectType', 'subjectId'] },
    deletedIndex('comment_threads'),
    ...searchIndexes('comment_threads', {
      name: 'title',
      vector: `to_tsvector('simple'::regconfig, (title)::text)`,
      where: 'deleted_at is null and title is not null',
    }),
  ],
  checks: [
    {
      name: 'comment_threads_one_anchor',
      expression:
        '(file_path is not null and line_start is not null and line_end is not null and anchor is not null and subject_type is null and subject_id is null and start_ms is null and end_ms is null) or (file_path is null and line_start is null and line_end is null and anchor is null and subject_type is not null and subject_id is not null)',
    },
    { name: 'comment_threads_lines', expression: 'line_start >= 1 and line_end >= line_start' },
    { name: 'comment_threads_range', expression: 'start_ms >= 0 and end_ms >= start_ms' },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    title: text(255).nullable(),
    status: p
      .enum(['open', 'resolved'] as const)
      .nativeEnumName('thread_status')
      .default('open'),
    resolvedBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    resolvedAt: moment(),
    filePath: p.text().nullable(),
    lineStart: p.integer().nullable(),
    lineEnd: p.integer().nullable(),
    anchor: p.json().$type<ThreadAnchor>().nullable(),
    /** How the thread stands in the manifest version `placedVersion`. */
    placement: p
      .enum(['current', 'outdated', 'gone'] as const)
      .nativeEnumName('thread_placement')
      .default('current'),
    placedVersion: p.integer().nullable(),
    subjectType: text(50).nullable(),
    subjectId: p.uuid().nullable(),
    startMs: p.integer().nullable(),
    endMs: p.integer().nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class CommentThread extends CommentThreadSchema.class {
  /** Resolving twice changes nothing. */
  resolve(actorId: string, now: Date): void {
    if (this.status === 'resolved') return;
    this.status = 'resolved';
    this.resolvedBy = actorId;
    this.resolvedAt = now;
  }

  reopen(): void {
    this.status = 'open';
    this.resolvedBy = null;
    this.resolvedAt = null;
  }
}
CommentThreadSchema.setClass(CommentThread);
