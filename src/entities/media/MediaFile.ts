import { defineEntity, p } from '@mikro-orm/core';
import { fail } from '../../errors.ts';
import { createdAt, deletedAt, id, metadata, moment, text, updatedAt } from '../columns.ts';
import { deletedIndex } from '../deletedIndex.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

export const mediaTypes = ['video', 'audio', 'subtitle'] as const;
export const mediaStatuses = ['uploading', 'probing', 'ready', 'failed'] as const;
export type MediaType = (typeof mediaTypes)[number];

/** A video, a sound or subtitles in the object storage. */
export const MediaFileSchema = defineEntity({
  name: 'MediaFile',
  tableName: 'media_files',
  indexes: [
    { name: 'media_files_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'media_files_user_id_project_id_index', properties: ['userId', 'projectId'] },
    {
      name: 'media_files_upload_expires_at_index',
      expression:
        'create index "media_files_upload_expires_at_index" on "media_files" ("upload_expires_at") where upload_expires_at is not null',
    },
    deletedIndex('media_files'),
  ],
  uniques: [{ name: 'media_files_s3_key_unique', properties: ['s3Key'] }],
  checks: [
    { name: 'media_files_duration_not_negative', expression: 'duration_seconds >= 0' },
    { name: 'media_files_size_not_negative', expression: 'size_bytes >= 0' },
    { name: 'media_files_hash', expression: `sha256 ~ '^[0-9a-f]{64}$'` },
    { name: 'media_files_not_from_itself', expression: 'derived_from <> id' },
    {
      name: 'media_files_ready_is_whole',
      expression: `status <> 'ready' or (size_bytes is not null and sha256 is not null)`,
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    userId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null'),
    /** What people call it; never part of a path. */
    name: text(255).default(''),
    /** Where it lies in the object storage. */
    s3Key: text(1024).fieldName('s3_key'),
    mediaType: p.enum(mediaTypes).nativeEnumName('media_type'),
    durationSeconds: p.decimal('number').columnType('numeric(12,3)').nullable(),
    /** As announced, and held to it. */
    sizeBytes: p.bigint('number').nullable(),
    /** As announced, until its bytes were looked at. */
    mimetype: text(255).nullable(),
    derivedFrom: () => p.manyToOne(MediaFile).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    sha256: text(64).nullable(),
    status: p.enum(mediaStatuses).nativeEnumName('media_status').default('uploading'),
    /** Why it failed. */
    errorCode: text(100).nullable(),
    errorMessage: p.text().nullable(),
    /** Until then its bytes may come; null once nothing is left of the upload. */
    uploadExpiresAt: moment(),
    /** Its bytes are gone, and count no more. */
    bytesRemovedAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class MediaFile extends MediaFileSchema.class {
  /** Its bytes are complete, and are looked at. @throws CONFLICT unless they were awaited. */
  arrive(mimetype: string): void {
    if (this.status !== 'uploading') fail('CONFLICT', { reason: `the file is ${this.status}` });
    this.status = 'probing';
    this.mimetype = mimetype;
  }

  /** Says why it can not be used. */
  refuse(errorCode: string, errorMessage: string): void {
    this.status = 'failed';
    this.errorCode = errorCode;
    this.errorMessage = errorMessage;
  }

  /** It is what it claims to be. */
  accept(found: { sha256: string; durationSeconds: number | null; metadata: Record<string, unknown> }): void {
    this.status = 'ready';
    this.errorCode = null;
    this.errorMessage = null;
    this.sha256 = found.sha256;
    this.durationSeconds = found.durationSeconds;
    this.metadata = found.metadata;
  }
}
MediaFileSchema.setClass(MediaFile);
