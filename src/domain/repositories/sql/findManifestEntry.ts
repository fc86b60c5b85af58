import type pg from 'pg';
import type { ManifestEntry } from '../../../entities/repositories/ProjectManifest.ts';

export interface FoundEntry {
  version: number;
  commit_sha: string;
  latest_version: number;
  /** null: this version has no such file. */
  entry: ManifestEntry | null;
}

/** One entry is picked out inside PostgreSQL; the manifest itself, megabytes of it, stays there. */
const select = `
select m.version, m.commit_sha, m.data #> array['files', $2::text] as entry,
  (select max(version) from project_manifests where project_id = $1) as latest_version
from project_manifests m
where m.project_id = $1`;
const ofLatest = `${select} order by m.version desc limit 1`;
const ofVersion = `${select} and m.version = $3`;

/** @returns undefined when the project has no manifest, or none of this version. */
export async function findManifestEntry(
  reads: Pick<pg.Pool, 'query'>,
  of: { projectId: string; path: string; version?: number | undefined },
): Promise<FoundEntry | undefined> {
  const { rows } = await reads.query<FoundEntry>(
    of.version === undefined
      ? { name: 'find entry of latest manifest', text: ofLatest, values: [of.projectId, of.path] }
      : { name: 'find entry of manifest', text: ofVersion, values: [of.projectId, of.path, of.version] },
  );
  return rows[0];
}
