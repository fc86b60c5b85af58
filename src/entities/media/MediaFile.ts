import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, deletedAt, id, metadata, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** A video, a sound or subtitles in the object storage. */
export const MediaFileSchema = defineEntity({
  name: 'MediaFile',
  tableName: 'media_files',
  indexes: [
    { name: 'media_files_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    { name: 'media_files_user_id_project_id_index', properties: ['userId', 'projectId'] },
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
    /** Where it lies in the object storage. */
    s3Key: text(1024).fieldName('s3_key'),
    mediaType: p.enum(['video', 'audio', 'subtitle'] as const).nativeEnumName('media_type'),
    durationSeconds: p.decimal('number').columnType('numeric(12,3)').nullable(),
    sizeBytes: p.bigint('number').nullable(),
    mimetype: text(255).nullable(),
    derivedFrom: () => p.manyToOne(MediaFile).mapToPk().nullable().deleteRule('set null').index(),
    metadata: metadata(),
    sha256: text(64).nullable(),
    status: p
      .enum(['uploading', 'ready', 'failed'] as const)
      .nativeEnumName('media_status')
      .default('uploading'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: deletedAt(),
  },
});

export class MediaFile extends MediaFileSchema.class {}
MediaFileSchema.setClass(MediaFile);
