import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, text } from '../columns.ts';
import { Project } from '../projects/Project.ts';

/** One path of a repository: [SHA-256 of the raw bytes, size in bytes, git mode, git object id, kind]. */
export interface ManifestEntry {
  /** SHA-256 of the raw bytes; null for a submodule, which is recorded and never followed. */
  sha256: string | null;
  size: number | null;
  mode: '100644' | '100755' | '120000' | '160000';
  /** git's own object id: lets the next sync skip what did not change. */
  oid: string;
  kind: 'text' | 'binary' | 'large' | 'symlink' | 'submodule';
}

export interface ManifestData {
  files: Record<string, ManifestEntry>;
  warnings: string[];
}

/** The files of a repository at one commit; immutable. `hash` is the integrity hash over its entries. */
export const ProjectManifestSchema = defineEntity({
  name: 'ProjectManifest',
  tableName: 'project_manifests',
  uniques: [{ name: 'project_manifests_version_unique', properties: ['projectId', 'version'] }],
  checks: [{ name: 'project_manifests_version_positive', expression: 'version >= 1' }],
  properties: {
    id: id(),
    projectId: () => p.manyToOne(Project).mapToPk().deleteRule('cascade'),
    version: p.integer(),
    data: p.json().$type<ManifestData>().lazy(),
    hash: text(64),
    commitSha: text(64),
    ref: text(255),
    fileCount: p.integer(),
    createdAt: createdAt(),
  },
});

export class ProjectManifest extends ProjectManifestSchema.class {}
ProjectManifestSchema.setClass(ProjectManifest);
