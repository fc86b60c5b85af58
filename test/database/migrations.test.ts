import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../src/database/openDatabase.ts';
import { addEventPartitions } from '../../src/database/addEventPartitions.ts';
import { type TestDatabase, createDatabase } from '../support/cluster.ts';

let file: TestDatabase;
let database: Database;

beforeAll(async () => {
  file = await createDatabase(inject('cluster'), { template: 'template0' });
  database = await openDatabase(file.connection, { poolSize: 4, onPoolError: () => {} });
});
afterAll(async () => {
  await database.close();
  await file.drop();
});

/** Everything in the schema that a migration can make, as text. */
async function describeSchema(): Promise<string[]> {
  const { rows } = await database.reads.query<{ line: string }>(`
    select 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
    from information_schema.columns where table_schema = 'public' and table_name !~ '^migrations'
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public' and tablename !~ '^migrations'
    union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and conrelid::regclass::text !~ '^migrations'
    union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select 'function ' || pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'enum ' || t.typname || ' ' || string_agg(e.enumlabel, ',' order by e.enumsortorder)
    from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname
    order by 1`);
  return rows.map((row) => row.line);
}

const fill = `
  insert into actors (id, actor_type, name, username, email, password_hash)
  values ('00000000-0000-7000-8000-000000000001', 'person', 'A', 'a', 'a@example.org', 'x');
  insert into roles (id, name, scope) values ('00000000-0000-7000-8000-000000000002', 'owner', 'project');
  insert into projects (id, owner_id, name, identifier)
  values ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001', 'P', 'p');
  insert into project_members (project_id, actor_id, role_id)
  values ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002');
  insert into casbin_rules (ptype, v0, v1, v2) values ('g', 'user:1', 'role:owner', 'project:1');
  insert into comment_threads (id, project_id, subject_type, subject_id)
  values ('00000000-0000-7000-8000-000000000004', '00000000-0000-7000-8000-000000000003', 'project', '00000000-0000-7000-8000-000000000003');
  insert into comments (id, thread_id, body) values ('00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-000000000004', 'B');
  insert into jobs (id, job_type) values ('00000000-0000-7000-8000-000000000006', 'repositories.sync');
  insert into milestones (id, project_id, title, start_date, end_date)
  values ('00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000003', 'M', now(), now());
  insert into tasks (id, project_id, milestone_id, title, due_date)
  values ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000011', 'T', now()),
    ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000003', null, 'U', null);
  update tasks set status = 'COMPLETED';
  insert into task_dependencies (id, project_id, task_id, depends_on)
  values ('00000000-0000-7000-8000-000000000014', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000013');
  insert into task_reminders (task_id, due_date) values ('00000000-0000-7000-8000-000000000012', now());
  insert into issue_counters (project_id, last_number) values ('00000000-0000-7000-8000-000000000003', 1);
  insert into issues (id, project_id, number, title)
  values ('00000000-0000-7000-8000-000000000015', '00000000-0000-7000-8000-000000000003', 1, 'I');
  insert into issue_references (id, issue_id, source_comment_id)
  values ('00000000-0000-7000-8000-000000000016', '00000000-0000-7000-8000-000000000015', '00000000-0000-7000-8000-000000000005');
  insert into stars (user_id, project_id) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000003');
  insert into watches (user_id, project_id, level) values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000003', 'all');
  insert into categories (id, project_id, name, identifier)
  values ('00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000003', 'C', 'c');
  insert into vocabularies (id, project_id, name, identifier)
  values ('00000000-0000-7000-8000-000000000022', '00000000-0000-7000-8000-000000000003', 'V', 'v');
  insert into vocabulary_terms (id, vocabulary_id, name, identifier)
  values ('00000000-0000-7000-8000-000000000023', '00000000-0000-7000-8000-000000000022', 'T', 't');
  insert into ontologies (id, project_id, name, identifier)
  values ('00000000-0000-7000-8000-000000000024', '00000000-0000-7000-8000-000000000003', 'O', 'o');
  insert into ontology_classes (id, ontology_id, name, uri)
  values ('00000000-0000-7000-8000-000000000025', '00000000-0000-7000-8000-000000000024', 'E', 'urn:e');
  insert into fields (id, project_id, name, identifier, category_id, vocabulary_id)
  values ('00000000-0000-7000-8000-000000000026', '00000000-0000-7000-8000-000000000003', 'F', 'f', '00000000-0000-7000-8000-000000000021', '00000000-0000-7000-8000-000000000022');
  insert into models (id, project_id, name, identifier)
  values ('00000000-0000-7000-8000-000000000027', '00000000-0000-7000-8000-000000000003', 'M', 'm');
  insert into model_fields (model_id, field_id, cardinality, required, order_index)
  values ('00000000-0000-7000-8000-000000000027', '00000000-0000-7000-8000-000000000026', '+', true, 0);
  insert into field_semantics (field_id, class_id, relation, order_index)
  values ('00000000-0000-7000-8000-000000000026', '00000000-0000-7000-8000-000000000025', 'domain', 0);
  insert into project_fields (project_id, field_id, adopted_id)
  values ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000026', '00000000-0000-7000-8000-000000000026');
  insert into field_history (id, field_id, version, action, state)
  values ('00000000-0000-7000-8000-000000000028', '00000000-0000-7000-8000-000000000026', 1, 'create', '{}');
  insert into pattern_imports (id, project_id) values ('00000000-0000-7000-8000-000000000029', '00000000-0000-7000-8000-000000000003');
  insert into pattern_import_chunks (import_id, kind, chunk_index, content) values ('00000000-0000-7000-8000-000000000029', 'field', 0, 'Name');
  insert into branches (id, project_id, name) values ('00000000-0000-7000-8000-00000000002a', '00000000-0000-7000-8000-000000000003', 'main');
  insert into commits (id, branch_id, message, tree_hash) values ('00000000-0000-7000-8000-00000000002b', '00000000-0000-7000-8000-00000000002a', 'M', 'x');
  insert into changes (id, commit_id, entity_type, entity_id, change_type, new_value)
  values ('00000000-0000-7000-8000-00000000002c', '00000000-0000-7000-8000-00000000002b', 'field', '00000000-0000-7000-8000-000000000026', 'create', '{}');
  insert into source_files (id, project_id, file_path, content_hash, last_seen_at) values ('00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000003', 'a.md', repeat('a', 64), now());
  insert into project_targets (id, project_id, language_code, branch_name) values ('00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000003', 'fr', 'lang-fr');
  insert into file_translations (id, project_id, source_file_id, project_target_id, status, last_translated_hash)
  values ('00000000-0000-7000-8000-000000000033', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000032', 'DONE', repeat('a', 64));
  update source_files set content_hash = repeat('b', 64);
  insert into translation_segments (id, project_id, source_hash, source_text, target_language, target_text, origin)
  values ('00000000-0000-7000-8000-000000000034', '00000000-0000-7000-8000-000000000003', repeat('a', 64), 'A', 'fr', 'B', 'human');
  insert into translation_jobs (id, project_id, project_target_id) values ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000032');
  insert into services (id, project_id, name, url) values ('00000000-0000-7000-8000-000000000035', '00000000-0000-7000-8000-000000000003', 'S', 'https://example.org');
  insert into service_configs (id, project_id, service_id, key, value) values ('00000000-0000-7000-8000-000000000036', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000035', 'K', '1');
  insert into service_checks (id, service_id, status) values ('00000000-0000-7000-8000-000000000037', '00000000-0000-7000-8000-000000000035', 'UP');
  insert into webhooks (id, project_id, url, events, sealed_secret) values ('00000000-0000-7000-8000-000000000038', '00000000-0000-7000-8000-000000000003', 'https://example.org', '{*}', 'x');
  insert into webhook_deliveries (id, webhook_id, event_stream, event_seq, event_type, body, next_attempt_at)
  values ('00000000-0000-7000-8000-000000000039', '00000000-0000-7000-8000-000000000038', 'project:1', 1, 'x', '{}', now());
  insert into webhook_attempts (id, delivery_id, number) values ('00000000-0000-7000-8000-000000000044', '00000000-0000-7000-8000-000000000039', 1);
  insert into institutions (id, name, identifier) values ('00000000-0000-7000-8000-00000000003a', 'I', 'i');
  insert into media_files (id, project_id, s3_key, media_type) values ('00000000-0000-7000-8000-00000000003b', '00000000-0000-7000-8000-000000000003', 'k', 'video');
  insert into media_jobs (id, project_id, input_media_id) values ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-00000000003b');
  insert into job_segments (id, job_id, stage, segment_index) values ('00000000-0000-7000-8000-00000000003c', '00000000-0000-7000-8000-000000000006', 's', 0);
  insert into transactions (id, user_id, provider, amount_cents, currency, credits_bought) values ('00000000-0000-7000-8000-00000000003d', '00000000-0000-7000-8000-000000000001', 'test', 1, 'EUR', 1);
  insert into credits_history (id, user_id, delta, reason, job_id, transaction_id, balance_after, idempotency_key)
  values ('00000000-0000-7000-8000-00000000003e', '00000000-0000-7000-8000-000000000001', 1, 'bought', '00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-00000000003d', 1, 'k');
  insert into credit_holds (id, user_id, job_id, amount, expires_at) values ('00000000-0000-7000-8000-00000000003f', '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000006', 1, now());
  insert into webhook_inbox (id, provider, webhook_id, event_type, payload) values ('00000000-0000-7000-8000-000000000041', 'test', 'w', 'x', '{}');
  insert into ai_jobs (id, project_id, type) values ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000003', 'DOCS');
  insert into refactor_jobs (id, project_id) values ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000003');
  insert into preview_sessions (id, project_id, preview_token, expires_at) values ('00000000-0000-7000-8000-000000000042', '00000000-0000-7000-8000-000000000003', 't', now());
  insert into preview_cleanup_events (id, preview_session_id, stage) values ('00000000-0000-7000-8000-000000000043', '00000000-0000-7000-8000-000000000042', 'EXPIRED');
  insert into streams (stream) values ('project:1');
  insert into events (stream, seq, type, subject, payload, created_at) values ('project:1', 1, 'x', 'y', '{}', now())`;

test('every migration goes up, down and up again, with rows present, to the very same schema', async () => {
  const { migrator } = database.orm;
  await migrator.up();
  const first = await describeSchema();
  expect(first.length).toBeGreaterThan(200);
  await database.reads.query(fill);
  await migrator.down({ to: 0 });
  expect(await describeSchema()).toEqual([]);
  await migrator.up();
  expect(await describeSchema()).toEqual(first);
});

test('entities and migrations describe the same schema', async () => {
  expect((await database.orm.schema.getUpdateSchemaSQL()).trim()).toBe('');
});

test('events of today and of the week ahead lie in a partition of their day', async () => {
  await addEventPartitions(database.reads);
  await addEventPartitions(database.reads);
  await database.reads.query(
    `insert into events (stream, seq, type, subject, payload, created_at) values ('project:2', 1, 'x', 'y', '{}', now() + interval '3 days')`,
  );
  const { rows } = await database.reads.query<{ partition: string }>(
    `select tableoid::regclass::text as partition from events where stream = 'project:2'`,
  );
  expect(rows[0]?.partition).toMatch(/^events_\d{8}$/);
});
