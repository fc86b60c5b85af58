/**
 * A million patterns, and what is read beside them, as fast as the database takes them: it makes the rows itself, from
 * numbers, so none is sent. Constraints, indexes and triggers all hold. What a procedure would leave besides is left
 * out on purpose: no event for each row (nobody watches these projects yet), one entry of the audit log for all,
 * with their numbers, and no row of history: that begins with the first change of each pattern.
 */
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { type LargeTable, fillPatterns } from './fillPatterns.ts';

export interface LargeSizes {
  patterns: number;
  /** Files that are translated, each into all of the languages. */
  files: number;
}

export interface Large {
  ownerId: string;
  /** The first one holds about a quarter of all patterns, and all translations. */
  projectIds: string[];
  /** Rows of each table. */
  rows: Record<LargeTable, number>;
  /** How long the patterns took. */
  seconds: number;
}

export const languages = ['de', 'fr', 'es', 'it', 'pt-BR', 'nl', 'pl', 'cs', 'sv', 'da', 'fi', 'el', 'tr', 'uk', 'ro', 'hu', 'ja', 'ko', 'zh-Hans', 'ar']; // prettier-ignore
const projects = 100;

async function openProjects(client: pg.ClientBase, ownerId: string): Promise<string[]> {
  const ids = Array.from({ length: projects }, () => uuidv7());
  await client.query(
    `insert into projects (id, owner_id, name, identifier, description)
     select id, $2, 'Catalogue ' || n, 'catalogue-' || left($2::uuid::text, 8) || right($2::uuid::text, 4) || '-' || n, 'Made to be large.'
     from unnest($1::uuid[]) with ordinality as p (id, n)`,
    [ids, ownerId],
  );
  await client.query(
    `insert into project_members (project_id, actor_id, role_id)
     select id, $2, (select id from roles where name = 'owner') from unnest($1::uuid[]) as p (id)`,
    [ids, ownerId],
  );
  await client.query(
    `insert into casbin_rules (ptype, v0, v1, v2)
     select 'g', 'user:' || $2::uuid, 'role:owner', 'project:' || id from unnest($1::uuid[]) as p (id)`,
    [ids, ownerId],
  );
  return ids;
}

/** Ten fields of their own project in each of the first 10,000 models. */
async function compose(client: pg.ClientBase, projectIds: readonly string[]): Promise<void> {
  await client.query(
    `insert into model_fields (model_id, field_id, cardinality, required, order_index)
     select m.id, f.id, case when f.place = 0 then '1'::cardinality else '*' end, f.place = 0, f.place
     from (select id, row_number() over (order by created_at) as n from models where project_id = $1 order by created_at limit 10000) m
     join (
       select id, (row_number() over (order by created_at) - 1) / 10 as n, (row_number() over (order by created_at) - 1) % 10 as place
       from fields where project_id = $1 order by created_at limit 100000
     ) f on f.n = m.n - 1`,
    [projectIds[0]],
  );
}

async function translate(client: pg.ClientBase, projectId: string, files: number): Promise<void> {
  const manifestId = uuidv7();
  await client.query(
    `insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
     select gen_random_uuid(), $1, $2, 'docs/part-' || n % 50 || '/page-' || n || '.md', encode(sha256(n::text::bytea), 'hex'), now()
     from generate_series(1, $3::int) as n`,
    [projectId, manifestId, files],
  );
  // As too large to be kept: so nobody looks for their texts, which are in no storage.
  await client.query(
    `insert into project_manifests (id, project_id, version, data, hash, commit_sha, ref, file_count)
     select $2, $1, 1, jsonb_build_object('files', jsonb_object_agg(file_path, jsonb_build_object(
       'sha256', content_hash, 'size', 100000000, 'mode', '100644', 'oid', left(content_hash, 40), 'kind', 'large'
     )), 'warnings', '[]'::jsonb), md5('large'), md5('large'), 'main', count(*)
     from source_files where project_id = $1`,
    [projectId, manifestId],
  );
  await client.query(
    `insert into project_targets (id, project_id, language_code, branch_name)
     select gen_random_uuid(), $1, code, 'docs-' || lower(code) from unnest($2::text[]) as l (code)`,
    [projectId, languages],
  );
  await client.query(
    `insert into file_translations (id, project_id, source_file_id, project_target_id, status, last_translated_hash, error_message)
     select gen_random_uuid(), $1, s.id, t.id, c.status,
       case when c.status in ('DONE', 'OUTDATED') then case when c.status = 'DONE' then s.content_hash else repeat('0', 64) end end,
       case when c.status = 'ERROR' then 'The engine gave up.' end
     from source_files s join project_targets t on t.project_id = s.project_id
     cross join lateral (
       select (array['DONE', 'DONE', 'DONE', 'OUTDATED', 'IN_PROGRESS', 'ERROR', 'PENDING']::translation_status[])
         [1 + abs(hashtext(s.file_path || t.language_code)) % 7] as status
     ) c
     where s.project_id = $1`,
    [projectId],
  );
}

/** @param ownerId a person, who will own the projects. */
export async function fillLarge(pool: pg.Pool, ownerId: string, sizes: LargeSizes): Promise<Large> {
  const rows = {
    fields: Math.round(sizes.patterns * 0.7),
    models: Math.round(sizes.patterns * 0.2),
    collections: Math.round(sizes.patterns * 0.1),
  };
  const projectIds = await openProjects(pool as never, ownerId);
  const world = { projectIds, authorId: ownerId };
  const began = performance.now();
  // Two at a time: one for each core of a small machine.
  const halves = [
    [['fields', 1, Math.round(rows.fields / 2)]],
    [
      ['models', 1, rows.models],
      ['collections', 1, rows.collections],
      ['fields', Math.round(rows.fields / 2) + 1, rows.fields],
    ],
  ] as const;
  await Promise.all(
    halves.map(async (parts) => {
      const client = await pool.connect();
      try {
        for (const [table, from, to] of parts) await fillPatterns(client, table, world, { from, to });
      } finally {
        client.release();
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  const client = await pool.connect();
  try {
    await compose(client, projectIds);
    await translate(client, projectIds[0] ?? '', sizes.files);
    await client.query(
      `insert into audit_logs (id, user_id, action, entity_type, entity_id, changes, via) values ($1, $2, 'create', 'seed', 'large', $3, 'system')`,
      [uuidv7(), ownerId, JSON.stringify({ created: { old: null, new: rows } })],
    );
  } finally {
    client.release();
  }
  // Plans for a million rows, not for none; and what is still to be merged into the text indexes, merged.
  for (const table of [
    'fields',
    'models',
    'collections',
    'model_fields',
    'source_files',
    'file_translations',
    'projects',
    'search_words',
  ])
    await pool.query(`vacuum (analyze) ${table}`);
  return { ownerId, projectIds, rows, seconds };
}
