/** The seed data, small (through the procedures) and large (by the database itself). */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealAudit } from '../../src/domain/audit/sealAudit.ts';
import { seedDemo } from '../../demo/seed/seedDemo.ts';
import type { TesseraClient } from '../../client/src/index.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { childEnvironment } from '../support/childEnvironment.ts';
import { runHere } from '../support/runHere.ts';
import { waitFor } from '../support/waitFor.ts';

let server: TestServer;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tessera-seed-'));
  server = await startServer({ settings: { REPOSITORY_PATHS: directory } });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/** By which the command finds the server that runs, or its database. */
function environment() {
  const { host, port, user, database: name } = server.database.connection;
  return {
    ...childEnvironment,
    PORT: new URL(server.url).port,
    DATA_DIR: join(directory, 'data'),
    DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
  };
}

/** The command as a user starts it. */
async function runSeed(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const main = join(import.meta.dirname, '../../demo/seed/main.ts');
    const env = environment();
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...args], { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await server.tessera.services.reads.query<Row>(text, values)).rows;

async function signIn(email: string, password: string): Promise<TesseraClient> {
  const { token } = await server.connect().auth.login.mutate({ email, password });
  return server.connect(token);
}

/** Every word of every name, and the words that a misspelt search is corrected by. */
async function wordsOf(tables: readonly string[]): Promise<{ named: string[]; kept: string[] }> {
  const names = tables.map((table) => `select name from ${table}`).join(' union all ');
  const named = await sql<{ word: string }>(
    `select distinct w.word from (${names}) n cross join lateral search_words_of(n.name) as w (word)`,
  );
  const kept = await sql<{ word: string }>('select distinct word from search_words');
  return { named: named.map(({ word }) => word).toSorted(), kept: kept.map(({ word }) => word).toSorted() };
}

describe('the demo data', () => {
  test('is made through the procedures, and every row that it says it made is there', async () => {
    const { emails, password, rows } = await seedDemo(server.url, directory, 0.03);
    expect(Object.keys(rows)).toEqual(['Handbook', 'Museum', 'Releases', 'Films', 'Workshop']);
    const ada = await signIn(emails[0]!, password);
    const { items: projects } = await ada.projects.list.query({});
    expect(projects.map(({ name }) => name).toSorted()).toEqual(Object.keys(rows).toSorted());
    const parts: Record<string, string> = {
      source_files: 'project_id',
      project_targets: 'project_id',
      file_translations: 'project_id',
      categories: 'project_id',
      vocabularies: 'project_id',
      ontologies: 'project_id',
      fields: 'project_id',
      models: 'project_id',
      collections: 'project_id',
      milestones: 'project_id',
      tasks: 'project_id',
      issues: 'project_id',
      services: 'project_id',
      comment_threads: 'project_id',
      'comments c join comment_threads t on t.id = c.thread_id': 't.project_id',
      'vocabulary_terms c join vocabularies v on v.id = c.vocabulary_id': 'v.project_id',
      'ontology_classes c join ontologies o on o.id = c.ontology_id': 'o.project_id',
      'task_dependencies c join tasks t on t.id = c.task_id': 't.project_id',
      'service_configs c join services s on s.id = c.service_id': 's.project_id',
    };
    for (const { id, name } of projects) {
      const counted = await sql<{ count: number }>(
        Object.entries(parts)
          .map(([from, column]) => `select count(*)::int as count from ${from} where ${column} = $1`)
          .join(' union all '),
        [id],
      );
      expect([name, counted.reduce((sum, { count }) => sum + count, 0)]).toEqual([name, rows[name]]);
    }
    expect(await sql(`select from jobs where status <> 'completed'`)).toEqual([]);
  });

  test('is there once: a second time is refused, with what to do', async () => {
    const before = await sql('select count(*) from actors');
    const { code, stderr } = await runHere('demo/seed/main.ts', [], environment());
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^The demo data is there already: ada-seed@example.org has an account\.\nWhat to do: /,
      ),
    ]);
    expect(await sql('select count(*) from actors')).toEqual(before);
  });

  test('of a size that there is not ends with how it is called', async () => {
    const wrong = [
      ['--size', 'huge'],
      ['--size', 'large', '--patterns', '10'],
      ['--size', 'large', '--translations', 'x'],
    ];
    for (const args of wrong) {
      const { code, stderr } = await runHere('demo/seed/main.ts', args, environment());
      expect([code, stderr]).toEqual([2, expect.stringContaining('Usage:')]);
    }
  });
});

describe('the large data', () => {
  test('has as many rows as it was asked for, beside what is there, and says how fast', async () => {
    const { code, stdout, stderr } = await runSeed('--size', 'large', '--patterns', '1000', '--translations', '200'); // prettier-ignore
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n');
    const figures = JSON.parse(lines.at(-1) ?? '') as Record<string, number | string>;
    expect(figures).toMatchObject({ seed: 'large', patterns: 1000 });
    for (const key of ['seed_rows_per_s', 'copy_rows_per_s', 'seed_vs_copy'])
      expect([key, Number(figures[key]) > 0]).toEqual([key, true]);
    const [, email = '', password = ''] = /Sign in as (\S+) with the password (\S+)/.exec(stdout) ?? [];
    const client = await signIn(email, password);
    const [owner] = await sql<{ id: string }>('select id from actors where email = $1', [email]);
    const counted = await sql<{ count: number }>(
      ['fields', 'models', 'collections']
        .map((table) => `select count(*)::int as count from ${table} where author_id = $1`)
        .join(' union all '),
      [owner?.id],
    );
    expect(counted).toEqual([{ count: 700 }, { count: 200 }, { count: 100 }]);
    expect(await sql(`select from pg_namespace where nspname = 'seed_copy'`)).toEqual([]);

    const [first] = await sql<{ projectId: string }>(
      `select project_id as "projectId" from project_targets t join projects p on p.id = t.project_id where p.owner_id = $1 limit 1`,
      [owner?.id],
    );
    const projectId = first?.projectId ?? '';
    const progress = await client.fileTranslations.progress.query({ projectId });
    expect(progress.files).toBe(10);
    expect(progress.languages).toHaveLength(20);
    expect((await client.repositories.files.query({ projectId })).items).toHaveLength(10);
    const [recorded] = await sql<{ same: boolean }>(
      `select bool_and((m.data #>> array['files', s.file_path, 'sha256']) = s.content_hash) and count(*) = 10 as same
       from source_files s join project_manifests m on m.id = s.manifest_id and m.file_count = 10 where s.project_id = $1`,
      [projectId],
    );
    expect(recorded).toEqual({ same: true });

    // What it leaves is what procedures go on from.
    expect((await client.issues.create.mutate({ projectId, title: 'The first one' })).number).toBe(1);
    const { items } = await client.fields.list.query({ projectId, limit: 1 });
    const { id: fieldId, version } = items[0]!;
    const renamed = await client.fields.update.mutate({
      projectId,
      fieldId,
      version,
      name: 'Renamed by hand',
    });
    expect(renamed.version).toBe(version + 1);
    expect((await client.search.query.query({ text: 'renmaed', projectId })).items[0]).toMatchObject({
      id: fieldId,
    });
  });

  test('has the words of its names, once, and its line of the log is sealed with the others', async () => {
    const tables = ['projects', 'fields', 'models', 'collections', 'categories', 'ontologies', 'ontology_classes', 'vocabularies', 'vocabulary_terms']; // prettier-ignore
    const { named, kept } = await wordsOf(tables);
    expect(kept).toEqual(expect.arrayContaining(named));
    const { orm } = server.tessera.services;
    // What is younger than a transaction of the cluster that runs, in whichever database, is sealed later.
    await waitFor(async () => {
      await sealAudit(orm);
      const sealed = await sql<{ of: object }>(
        `select l.changes #> '{created,new}' as of from audit_logs l join audit_seals s on s.project_id is null
         and l.transaction_number >= s.from_transaction and l.transaction_number < s.to_transaction where l.entity_type = 'seed'`,
      );
      expect(sealed).toEqual([{ of: { fields: 700, models: 200, collections: 100 } }]);
    });
    const admin = await server.admin();
    expect(await admin.client.audit.verifySystem.query()).toMatchObject({ ok: true });
  });
});
