import { defineEntity, p } from '@mikro-orm/core';
import { id, text } from '../columns.ts';
import { Project } from '../projects/Project.ts';

/** A file of the latest manifest, or of an earlier one when `manifestId` is not the latest. */
export const SourceFileSchema = defineEntity({
  name: 'SourceFile',
  tableName: 'source_files',
  uniques: [{ name: 'source_files_path_unique', properties: ['projectId', 'filePath'] }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    /**
     * Without a foreign key and its index, which would be a third of what a first sync costs the database:
     * manifests never change, and go only with their project.
     */
    manifestId: p.uuid().nullable(),
    filePath: p.text(),
    contentHash: text(64),
    lastSeenAt: p.datetime().columnType('timestamptz(3)'),
  },
});

export class SourceFile extends SourceFileSchema.class {}
SourceFileSchema.setClass(SourceFile);
