/** What purged rows leave behind: words of names, and mirrors. */
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdMirror, mirrorDir, mirrorsDir } from '../../src/domain/repositories/holdMirror.ts';
import { removeMirrors } from '../../src/domain/repositories/removeMirrors.ts';
import { dropUnusedWords, namedTables } from '../../src/domain/retention/dropUnusedWords.ts';
import { type PatternWorld, makePatternWorld } from '../support/patternWorld.ts';

let world: PatternWorld;

beforeAll(async () => {
  world = await makePatternWorld({ services: new Set(['api', 'realtime']) });
});
afterAll(() => world.server.close());

const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await world.server.tessera.services.reads.query<Row>(text, values)).rows;
const drop = (part = 0, parts = 1) => dropUnusedWords(world.server.tessera.services.orm, { part, parts });
const keptOf = async (...words: string[]) =>
  (
    await sql<{ word: string }>('select distinct word from search_words where word = any($1) order by word', [
      words,
    ])
  ).map(({ word }) => word);

describe('a word of a name', () => {
  test('is dropped when no name has it any more, be it renamed or purged, and not before', async () => {
    const projectId = await world.makeProject();
    const { client } = world.ada;
    const { id: fieldId } = await client.fields.create.mutate({
      projectId,
      name: 'Quorvex zorblatt',
      identifier: 'f-1',
    });
    const task = await client.tasks.create.mutate({ projectId, title: 'Flumph the zorblatt' });
    const words = ['quorvex', 'zorblatt', 'flumph', 'brindle'];
    await drop();
    expect(await keptOf(...words)).toEqual(['flumph', 'quorvex', 'zorblatt']);

    await client.fields.update.mutate({ projectId, fieldId, name: 'Brindle', description: 'Once a quorvex' });
    expect(await drop()).toBe(1);
    expect(await keptOf(...words)).toEqual(['brindle', 'flumph', 'zorblatt']);

    await client.fields.delete.mutate({ projectId, fieldId });
    await client.tasks.delete.mutate({ projectId, taskId: task.id });
    expect(await drop()).toBe(0);

    await sql('delete from fields where id = $1', [fieldId]);
    await sql('delete from tasks where id = $1', [task.id]);
    expect(await drop()).toBe(3);
    expect(await keptOf(...words)).toEqual([]);
  });

  test.each(['it’s', "d'hôtel o'neill", 'back\\slash', 'naïveté', 'straße', 'ελληνικά', 'semi;colon:A&b|c!'])(
    'is kept however it is written: %s',
    async (name) => {
      const projectId = await world.makeProject();
      await world.makeField(projectId, name);
      await world.ada.client.milestones.create.mutate({
        projectId,
        title: name,
        startAt: new Date(),
        endAt: new Date(),
      });
      const before = await sql('select word from search_words order by word');
      expect(await drop()).toBe(0);
      expect(await sql('select word from search_words order by word')).toEqual(before);
    },
  );

  test('is kept while somebody brings it back, who found it there', async () => {
    await sql(`insert into search_words (word) values ('gribbled')`);
    const projectId = await world.makeProject();
    const { id } = await world.makeField(projectId, 'Plain');
    const writer = await world.server.tessera.services.reads.connect();
    try {
      await writer.query('begin');
      await writer.query(`update fields set name = 'Gribbled' where id = $1`, [id]);
      expect(await drop()).toBe(0);
      await writer.query('commit');
    } finally {
      writer.release();
    }
    expect(await drop()).toBe(0);
    expect(await keptOf('gribbled')).toEqual(['gribbled']);
  });

  test('is looked at in one part of several, at most a hundred in a run', async () => {
    await sql(
      `insert into search_words (word) select 'unused' || translate(n::text, '0123456789', 'abcdefghij') from generate_series(1, 150) n`,
    );
    const left = async () => (await sql(`select from search_words where word like 'unused%'`)).length;
    const dropped = [await drop(0, 2), await drop(1, 2)];
    expect(dropped[0]! + dropped[1]!).toBe(150);
    expect(Math.min(...dropped)).toBeGreaterThan(30);
    expect(await left()).toBe(0);
    await sql(
      `insert into search_words (word) select 'unused' || translate(n::text, '0123456789', 'abcdefghij') from generate_series(1, 150) n`,
    );
    expect([await drop(), await drop(), await left()]).toEqual([100, 50, 0]);
  });

  test('comes from the tables that are looked through', async () => {
    const rows = await sql<{ name: string }>(
      `select distinct t.tgrelid::regclass::text as name from pg_trigger t join pg_proc f on f.oid = t.tgfoid where f.proname = 'collect_search_words'`,
    );
    expect(namedTables.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });
});

describe('the mirror of a project', () => {
  test('is removed when the project is purged, and not while it can be restored or somebody holds it', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'tessera-mirrors-'));
    try {
      const [kept, deleted] = [await world.makeProject(), await world.makeProject()];
      await world.ada.client.projects.delete.mutate({ projectId: deleted });
      const [purged, held] = ['01a1fce6-d405-756f-92bd-dfe5e2b19bdd', '01a1fce6-d405-756f-92bd-dfe5e2b19bde'];
      for (const id of [kept, deleted, purged, held]) {
        await mkdir(mirrorDir(dataDir, id), { recursive: true });
        await writeFile(join(mirrorDir(dataDir, id), 'HEAD'), 'ref: refs/heads/main\n');
      }
      await mkdir(join(mirrorsDir(dataDir), 'something else.git'));
      const holder = await holdMirror(mirrorDir(dataDir, held));
      const removing = removeMirrors(world.server.tessera.services.orm, dataDir);
      await expect.poll(() => readdir(mirrorsDir(dataDir))).not.toContain(`${purged}.git`);
      await access(mirrorDir(dataDir, held));
      holder[Symbol.dispose]();
      expect(await removing).toBe(2);
      expect((await readdir(mirrorsDir(dataDir))).toSorted()).toEqual(
        [`${deleted}.git`, `${kept}.git`, 'something else.git'].toSorted(),
      );
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  test('needs no folder to be there', async () => {
    expect(await removeMirrors(world.server.tessera.services.orm, '/nonexistent')).toBe(0);
  });
});
