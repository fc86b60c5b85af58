import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, moment, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Job } from '../jobs/Job.ts';
import { Project } from '../projects/Project.ts';

/** A built state of the project that can be looked at for a while, by who has its token. */
export const PreviewSessionSchema = defineEntity({
  name: 'PreviewSession',
  tableName: 'preview_sessions',
  indexes: [
    { name: 'preview_sessions_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
    {
      name: 'preview_sessions_expiry_index',
      expression: `create index "preview_sessions_expiry_index" on "preview_sessions" ("expires_at") where "status" <> 'EXPIRED'`,
    },
  ],
  uniques: [{ name: 'preview_sessions_preview_token_unique', properties: ['previewToken'] }],
  checks: [
    {
      name: 'preview_sessions_ready_has_bundle',
      expression: `status <> 'READY' or bundle_path is not null or bundle_url is not null`,
    },
  ],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    createdBy: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    /** The job that builds it. */
    jobId: () => p.manyToOne(Job).mapToPk().nullable().deleteRule('set null').index(),
    previewToken: text(255).hidden(),
    status: p
      .enum(['PENDING', 'READY', 'EXPIRED'] as const)
      .nativeEnumName('preview_status')
      .default('PENDING'),
    bundlePath: p.text().nullable(),
    bundleUrl: p.text().nullable(),
    expiresAt: p.datetime().columnType('timestamptz(3)'),
    deletedAt: moment(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class PreviewSession extends PreviewSessionSchema.class {}
PreviewSessionSchema.setClass(PreviewSession);
