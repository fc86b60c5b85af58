import type { EntityManager } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { ManifestData } from '../../../entities/repositories/ProjectManifest.ts';

/** What identifies a manifest. */
export interface ManifestHead {
  id: string;
  version: number;
  commitSha: string;
  hash: string;
}

const head = `select id, version, commit_sha as "commitSha", hash`;
const latest = `from project_manifests where project_id = $1 order by version desc limit 1`;
const withData = `${head}, data ${latest}`;
const withoutData = `${head} ${latest.replace('$1', '?')}`;

/** The project's newest manifest with all its files, null when it has none. Read outside any transaction. */
export async function readLatestManifest(
  reads: pg.Pool,
  projectId: string,
): Promise<(ManifestHead & { data: ManifestData }) | null> {
  const { rows } = await reads.query<ManifestHead & { data: ManifestData }>(withData, [projectId]);
  return rows[0] ?? null;
}

/**
 * The head of the project's newest manifest, null when it has none. Until the end of the transaction nobody
 * else can add one: the next caller waits here.
 */
export async function holdLatestManifest(em: EntityManager, projectId: string): Promise<ManifestHead | null> {
  await em.execute(
    `select pg_advisory_xact_lock(hashtextextended('manifests:' || ?::text, 0))`,
    [projectId],
    'run',
  );
  const rows: ManifestHead[] = await em.execute(withoutData, [projectId]);
  return rows[0] ?? null;
}
