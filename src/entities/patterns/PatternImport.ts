import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text, updatedAt } from '../columns.ts';
import { Actor } from '../identity/Actor.ts';
import { Project } from '../projects/Project.ts';

/** Files of patterns that are given in pieces, to be imported into the project. */
export const PatternImportSchema = defineEntity({
  name: 'PatternImport',
  tableName: 'pattern_imports',
  indexes: [
    { name: 'pattern_imports_project_id_created_at_index', properties: ['projectId', 'createdAt', 'id'] },
  ],
  checks: [{ name: 'pattern_imports_size', expression: 'size_bytes >= 0' }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    authorId: () => p.manyToOne(Actor).mapToPk().nullable().deleteRule('set null').index(),
    /** The project that rows come from which do not name one themselves. */
    source: text(255).default(''),
    /** Of all chunks given so far. */
    sizeBytes: p.integer().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

export class PatternImport extends PatternImportSchema.class {}
PatternImportSchema.setClass(PatternImport);
