import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { transact, systemCause } from '../../src/database/transaction.ts';
import { recordSourceFiles } from '../../src/domain/repositories/sql/recordSourceFiles.ts';
import { failureOf } from '../support/failure.ts';
import { putManifest } from '../support/putManifest.ts';
import { type WorkWorld, codesOf, eventsOf, makeWorkWorld } from '../support/workWorld.ts';
import { untilWaiting } from '../support/untilWaiting.ts';

let world: WorkWorld;

beforeAll(async () => {
  world = await makeWorkWorld();
});
afterAll(() => world.server.close());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What a sync leaves: the manifest, and the source files that follow from it. */
async function sync(projectId: string, files: Record<string, string>): Promise<void> {
  const { orm, reads } = world.server.tessera.services;
  const version = await putManifest(world.server, projectId, files);
  const { rows } = await reads.query<{ id: string }>(
    'select id from project_manifests where project_id = $1 and version = $2',
    [projectId, version],
  );
  await transact(orm, systemCause, (em) => recordSourceFiles(em, rows[0]!.id));
}

/** A project with these files and languages. */
async function makeDocs(files: Record<string, string>, languages: string[]) {
  const projectId = await world.makeProject();
  await sync(projectId, files);
  const targets: Record<string, string> = {};
  for (const languageCode of languages)
    targets[languageCode] = (await world.dan.client.targets.create.mutate({ projectId, languageCode })).id;
  const { items } = await world.vic.client.sourceFiles.list.query({ projectId });
  const fileId = (path: string) => items.find(({ filePath }) => filePath === path)!.id;
  const done = (path: string, language: string, source: string) =>
    world.bob.client.fileTranslations.record.mutate({
      projectId,
      sourceFileId: fileId(path),
      targetId: targets[language]!,
      status: 'DONE',
      sourceHash: sha256(source),
    });
  return { projectId, targets, fileId, done };
}

const progressOf = async (projectId: string, prefix?: string) => {
  const { files, languages } = await world.vic.client.fileTranslations.progress.query({
    projectId,
    ...(prefix === undefined ? {} : { prefix }),
  });
  return { files, ...Object.fromEntries(languages.map((of) => [of.languageCode, of.counts])) };
};
const counts = { PENDING: 0, IN_PROGRESS: 0, DONE: 0, OUTDATED: 0, ERROR: 0 };

describe('the source files of a project', () => {
  test('are listed by path, page by page, below a prefix, and without those that are gone', async () => {
    const projectId = await world.makeProject();
    expect((await world.vic.client.sourceFiles.list.query({ projectId })).items).toEqual([]);
    await sync(projectId, { 'docs/a.md': 'a', 'docs/b.md': 'b', 'gone.md': 'g', 'docs/naïve ☕.md': 'n' });
    await sync(projectId, { 'docs/a.md': 'a', 'docs/b.md': 'B', 'docs/naïve ☕.md': 'n', 'readme.md': 'r' });
    const list = (more: object) => world.vic.client.sourceFiles.list.query({ projectId, ...more });
    const all = await list({});
    expect(all.items.map(({ filePath }) => filePath)).toEqual([
      'docs/a.md',
      'docs/b.md',
      'docs/naïve ☕.md',
      'readme.md',
    ]);
    expect(all.items[1]?.contentHash).toBe(sha256('B'));
    const found = [];
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof list>> = await list({ limit: 1, cursor, prefix: 'docs/' });
      found.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    expect(found).toEqual(all.items.slice(0, 3));
    expect((await failureOf(list({ cursor: 'AAAA' }))).code).toBe('CURSOR_INVALID');
  });
});

describe('the translation of a file', () => {
  test('is pending without a record, and counted as such', async () => {
    const { projectId, targets } = await makeDocs({ 'a.md': 'a', 'b.md': 'b' }, ['fr', 'es']);
    expect(await progressOf(projectId)).toEqual({
      files: 2,
      es: { ...counts, PENDING: 2 },
      fr: { ...counts, PENDING: 2 },
    });
    expect((await world.vic.client.fileTranslations.list.query({ projectId })).items).toEqual([]);
    const pending = await world.vic.client.sourceFiles.list.query({ projectId, pendingFor: targets['fr']! });
    expect(pending.items).toHaveLength(2);
  });

  test('is recorded in progress, failed and done, and counted by its status', async () => {
    const { projectId, targets, fileId, done } = await makeDocs({ 'a.md': 'a', 'b.md': 'b', 'c/d.md': 'd' }, [
      'fr',
      'es',
    ]);
    const { record, list } = world.bob.client.fileTranslations;
    const of = { projectId, sourceFileId: fileId('a.md'), targetId: targets['fr']! };
    const begun = await record.mutate({ ...of, status: 'IN_PROGRESS' });
    expect(begun).toMatchObject({ filePath: 'a.md', languageCode: 'fr', status: 'IN_PROGRESS', version: 1 });
    const failed = await record.mutate({ ...of, status: 'ERROR', errorMessage: 'The glossary is missing.' });
    expect(failed).toMatchObject({ status: 'ERROR', errorMessage: 'The glossary is missing.' });
    expect(await progressOf(projectId)).toMatchObject({ fr: { ...counts, PENDING: 2, ERROR: 1 } });
    expect(await done('a.md', 'fr', 'a')).toMatchObject({
      id: begun.id,
      status: 'DONE',
      errorMessage: null,
      lastTranslatedHash: sha256('a'),
    });
    await done('c/d.md', 'es', 'd');
    expect(await progressOf(projectId)).toEqual({
      files: 3,
      es: { ...counts, PENDING: 2, DONE: 1 },
      fr: { ...counts, PENDING: 2, DONE: 1 },
    });
    expect(await progressOf(projectId, 'c/')).toEqual({
      files: 1,
      es: { ...counts, DONE: 1 },
      fr: { ...counts, PENDING: 1 },
    });
    const paths = async (filter: object) =>
      (await list.query({ projectId, ...filter })).items.map(({ filePath }) => filePath);
    expect(await paths({})).toEqual(['c/d.md', 'a.md']);
    expect(await paths({ targetId: targets['fr'] })).toEqual(['a.md']);
    expect(await paths({ status: 'DONE', filePath: 'c/d.md' })).toEqual(['c/d.md']);
    expect(await paths({ status: 'ERROR' })).toEqual([]);
    const pending = await world.vic.client.sourceFiles.list.query({ projectId, pendingFor: targets['es']! });
    expect(pending.items.map(({ filePath }) => filePath)).toEqual(['a.md', 'b.md']);
    expect(await eventsOf(world.server, projectId, `target:${targets['fr']}`)).toEqual([
      'target.created',
      'fileTranslation.recorded',
      'fileTranslation.recorded',
      'fileTranslation.recorded',
    ]);
  });

  test('is done only if it was made from the source as it is; else it is outdated at once', async () => {
    const { projectId, done } = await makeDocs({ 'a.md': 'now' }, ['fr']);
    expect((await done('a.md', 'fr', 'before')).status).toBe('OUTDATED');
    expect((await done('a.md', 'fr', 'now')).status).toBe('DONE');
    expect(await progressOf(projectId)).toMatchObject({ fr: { ...counts, DONE: 1 } });
  });

  test('follows its source: outdated when that changes, done again when it goes back', async () => {
    const { projectId, targets, fileId, done } = await makeDocs({ 'a.md': 'one', 'b.md': 'b', 'c.md': 'c' }, [
      'fr',
    ]);
    const { version } = await done('a.md', 'fr', 'one');
    await done('b.md', 'fr', 'b');
    const { record, list } = world.bob.client.fileTranslations;
    await record.mutate({
      projectId,
      sourceFileId: fileId('c.md'),
      targetId: targets['fr']!,
      status: 'IN_PROGRESS',
    });
    await sync(projectId, { 'a.md': 'two', 'b.md': 'b', 'c.md': 'C' });
    expect(await progressOf(projectId)).toMatchObject({
      fr: { ...counts, IN_PROGRESS: 1, DONE: 1, OUTDATED: 1 },
    });
    const { items } = await list.query({ projectId, status: 'OUTDATED' });
    expect(items).toMatchObject([
      { filePath: 'a.md', version: version + 1, lastTranslatedHash: sha256('one') },
    ]);
    await sync(projectId, { 'a.md': 'one', 'b.md': 'b', 'c.md': 'C' });
    expect(await progressOf(projectId)).toMatchObject({ fr: { ...counts, IN_PROGRESS: 1, DONE: 2 } });
    await sync(projectId, { 'b.md': 'b' });
    expect(await progressOf(projectId)).toEqual({ files: 1, fr: { ...counts, DONE: 1 } });
  });

  test('cannot be done against the rule in the database either', async () => {
    const { projectId, targets, fileId } = await makeDocs({ 'a.md': 'a' }, ['fr']);
    const { reads } = world.server.tessera.services;
    const put = (hash: string | null) =>
      reads.query<{ status: string }>(
        `insert into file_translations (id, project_id, source_file_id, project_target_id, status, last_translated_hash)
         values (gen_random_uuid(), $1, $2, $3, 'DONE', $4)
         on conflict (source_file_id, project_target_id) do update set status = 'DONE', last_translated_hash = excluded.last_translated_hash
         returning status`,
        [projectId, fileId('a.md'), targets['fr'], hash],
      );
    expect((await put(sha256('z'))).rows[0]?.status).toBe('OUTDATED');
    expect((await put(sha256('a'))).rows[0]?.status).toBe('DONE');
    await expect(put(null)).rejects.toThrow('file_translations_translated_from');
  });

  test('waits for a sync under way, and is judged by what that left', async () => {
    const { projectId, done } = await makeDocs({ 'a.md': 'one' }, ['fr']);
    const { reads } = world.server.tessera.services;
    const syncing = await reads.connect();
    try {
      await syncing.query('begin');
      await syncing.query('update source_files set content_hash = $2 where project_id = $1', [
        projectId,
        sha256('two'),
      ]);
      const recorded = done('a.md', 'fr', 'one');
      await untilWaiting(world.server);
      await syncing.query('commit');
      expect((await recorded).status).toBe('OUTDATED');
    } finally {
      syncing.release();
    }
  });

  test('is recorded once by two at once, and clashes when an editor has not seen the last record', async () => {
    const { projectId, targets, fileId, done } = await makeDocs({ 'a.md': 'a' }, ['fr']);
    const both = await Promise.all([done('a.md', 'fr', 'a'), done('a.md', 'fr', 'a')]);
    expect(both[0].id).toBe(both[1].id);
    const of = { projectId, sourceFileId: fileId('a.md'), targetId: targets['fr']! };
    const { record } = world.bob.client.fileTranslations;
    expect(await failureOf(record.mutate({ ...of, status: 'PENDING', version: 99 }))).toMatchObject({
      code: 'VERSION_CLASH',
      details: { sent: 99, current: both[0] },
    });
  });

  test('says of what it was made, or why it failed, and nothing else', async () => {
    const { projectId, targets, fileId } = await makeDocs({ 'a.md': 'a' }, ['fr']);
    const of = { projectId, sourceFileId: fileId('a.md'), targetId: targets['fr']! };
    const fieldsOf = async (input: {
      status: 'DONE' | 'ERROR' | 'PENDING';
      sourceHash?: string;
      errorMessage?: string;
    }) => {
      const failure = await failureOf(world.bob.client.fileTranslations.record.mutate({ ...of, ...input }));
      return Object.keys(failure.fields);
    };
    expect(await fieldsOf({ status: 'DONE' })).toEqual(['sourceHash']);
    expect(await fieldsOf({ status: 'DONE', sourceHash: 'A'.repeat(64) })).toEqual(['sourceHash']);
    expect(await fieldsOf({ status: 'ERROR' })).toEqual(['errorMessage']);
    expect(await fieldsOf({ status: 'PENDING', sourceHash: sha256('a'), errorMessage: 'x' })).toEqual([
      'sourceHash',
      'errorMessage',
    ]);
  });

  test('is not recorded while its language is paused, by viewers, or across projects', async () => {
    const { projectId, targets, fileId, done } = await makeDocs({ 'a.md': 'a' }, ['fr']);
    const other = await makeDocs({ 'b.md': 'b' }, ['fr']);
    const of = {
      projectId,
      sourceFileId: fileId('a.md'),
      targetId: targets['fr']!,
      status: 'PENDING' as const,
    };
    const { record } = world.bob.client.fileTranslations;
    expect(
      await codesOf([
        world.vic.client.fileTranslations.record.mutate(of),
        record.mutate({ ...of, sourceFileId: other.fileId('b.md') }),
        record.mutate({ ...of, targetId: other.targets['fr']! }),
        world.eve.client.fileTranslations.progress.query({ projectId }),
      ]),
    ).toEqual(['FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    await world.dan.client.targets.pause.mutate({ projectId, targetId: targets['fr']! });
    expect((await failureOf(done('a.md', 'fr', 'a'))).code).toBe('TARGET_PAUSED');
  });

  test('is counted as one by one, whichever files are gone and whatever was asked before', async () => {
    const { projectId } = await makeDocs({ 'a/0.md': 'a' }, ['fr', 'es', 'ja']);
    const other = await makeDocs({ 'a/0.md': 'a' }, ['fr']);
    const { reads } = world.server.tessera.services;
    const hash = `encode(sha256(n::text::bytea), 'hex')`;
    await reads.query(
      `insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
       select gen_random_uuid(), p.id, case when random() < 0.7 then (select id from project_manifests where project_id = p.id) end,
         (array['a/', 'ab/', 'b_%/'])[1 + n % 3] || n, ${hash}, now()
       from unnest($1::uuid[]) as p (id), generate_series(1, 90) as n`,
      [[projectId, other.projectId]],
    );
    await reads.query(
      `insert into file_translations (id, project_id, source_file_id, project_target_id, status, last_translated_hash, error_message)
       select gen_random_uuid(), s.project_id, s.id, t.id, c.status, s.content_hash, case when c.status = 'ERROR' then 'No.' end
       from source_files s join project_targets t on t.project_id = s.project_id
       cross join lateral (
         select (array['PENDING', 'IN_PROGRESS', 'DONE', 'ERROR']::translation_status[])[1 + floor(random() * 4 + length(s.file_path) * 0)::int] as status
       ) c
       where s.project_id = any($1) and random() < 0.8`,
      [[projectId, other.projectId]],
    );
    await reads.query(
      `update source_files set content_hash = repeat('a', 64) where project_id = $1 and random() < 0.3`,
      [projectId],
    );
    interface Pair {
      path: string;
      language: string;
      status: keyof typeof counts | null;
    }
    const { rows } = await reads.query<Pair>(
      `select s.file_path as path, p.language_code as language, t.status from source_files s
       join project_manifests m on m.id = s.manifest_id join project_targets p on p.project_id = s.project_id
       left join file_translations t on t.source_file_id = s.id and t.project_target_id = p.id
       where s.project_id = $1`,
      [projectId],
    );
    expect(new Set(rows.map(({ status }) => status)).size).toBe(6);
    // More often than a statement is planned for what it is given.
    for (const prefix of ['', 'a', 'a/', 'b_%', 'b_%/1', 'zz', '', 'ab/'].flatMap((each) => [each, each])) {
      const below = rows.filter(({ path }) => path.startsWith(prefix));
      const expected = Object.fromEntries(
        ['es', 'fr', 'ja'].map((language) => {
          const own = below.filter((pair) => pair.language === language);
          const count = (status: string) =>
            own.filter((pair) => (pair.status ?? 'PENDING') === status).length;
          return [language, Object.fromEntries(Object.keys(counts).map((status) => [status, count(status)]))];
        }),
      );
      expect(await progressOf(projectId, prefix)).toEqual({ files: below.length / 3, ...expected });
    }
  });

  test('of two thousand files in ten languages follows a sync and is counted in one query each', async () => {
    const { projectId } = await makeDocs({ 'a.md': 'a' }, [
      'ar',
      'cs',
      'de',
      'es',
      'fr',
      'it',
      'ja',
      'nl',
      'pl',
      'sv',
    ]);
    const { reads } = world.server.tessera.services;
    await reads.query(
      `insert into source_files (id, project_id, manifest_id, file_path, content_hash, last_seen_at)
       select gen_random_uuid(), $1, (select id from project_manifests where project_id = $1), 'docs/' || n, md5(n::text) || md5(n::text), now()
       from generate_series(1, 1999) n`,
      [projectId],
    );
    await reads.query(
      `insert into file_translations (id, project_id, source_file_id, project_target_id, status, last_translated_hash)
       select gen_random_uuid(), $1, s.id, t.id, 'DONE', s.content_hash
       from source_files s, project_targets t where s.project_id = $1 and t.project_id = $1`,
      [projectId],
    );
    await reads.query('analyze file_translations');
    const asked = vi.spyOn(reads, 'query');
    onTestFinished(() => asked.mockRestore());
    /** Statements about files since it was last asked. */
    const countStatements = () => {
      const texts = asked.mock.calls.map(([statement]) => (statement as unknown as { text?: string }).text);
      asked.mockClear();
      return texts.filter((text) => /source_files|file_translations/.test(text ?? '')).length;
    };
    expect(await progressOf(projectId)).toMatchObject({ files: 2_000, sv: { ...counts, DONE: 2_000 } });
    expect(countStatements()).toBe(1);
    await reads.query(
      `update source_files set content_hash = md5(file_path) || md5(file_path) where project_id = $1 and file_path like 'docs/1%'`,
      [projectId],
    );
    expect(await progressOf(projectId)).toMatchObject({ ar: { ...counts, DONE: 889, OUTDATED: 1_111 } });
    expect(countStatements()).toBe(1);
  });
});
