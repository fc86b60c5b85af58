import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from '../columns.ts';
import { PreviewSession } from './PreviewSession.ts';

/** A step by which a preview was cleared away; each is taken once. */
export const PreviewCleanupEventSchema = defineEntity({
  name: 'PreviewCleanupEvent',
  tableName: 'preview_cleanup_events',
  uniques: [{ name: 'preview_cleanup_events_stage_unique', properties: ['previewSessionId', 'stage'] }],
  properties: {
    id: id(),
    previewSessionId: () => p.manyToOne(PreviewSession).mapToPk().deleteRule('cascade'),
    stage: p.enum(['EXPIRED', 'SOFT_DELETED', 'PURGED'] as const).nativeEnumName('preview_cleanup_stage'),
    createdAt: createdAt(),
  },
});

export class PreviewCleanupEvent extends PreviewCleanupEventSchema.class {}
PreviewCleanupEventSchema.setClass(PreviewCleanupEvent);
