import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { childEnvironment } from '../support/childEnvironment.ts';
import { type TestDatabase, createDatabase, quickFolder } from '../support/cluster.ts';

/** The tests take turns on one copy of the checkout; nothing but its migrations is written. */
let copy: string;
let database: TestDatabase;

beforeAll(async () => {
  copy = await mkdtemp(join(await quickFolder(), 'tessera-commands-'));
  for (const name of ['src', 'migrations', 'mikro-orm.config.ts', 'package.json', 'tsconfig.json']) {
    await cp(name, join(copy, name), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  database = await createDatabase(inject('cluster'));
});
afterAll(async () => {
  await database.drop();
  await rm(copy, { recursive: true, force: true });
});

interface Outcome {
  code: number;
  output: string;
}

/** Runs a command of package.json in the copy of the checkout. */
function run(file: string, ...words: string[]): Promise<Outcome> {
  const { host, port, user, database: name } = database.connection;
  const env = {
    ...childEnvironment,
    // Of files that lie elsewhere each time.
    NODE_COMPILE_CACHE: join(copy, 'compiled'),
    TMPDIR: dirname(copy),
    DATA_DIR: join(copy, '.tessera'),
    DATABASE_URL: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
  };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [`src/database/commands/${file}.ts`, ...words],
      { cwd: copy, env },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

describe('db:new', () => {
  test('writes nothing when there is nothing to do', async () => {
    const before = await readdir(join(copy, 'migrations'));
    const { code, output } = await run('new', 'add_nothing');
    expect([code, output]).toEqual([1, expect.stringContaining('nothing to write')]);
    expect(await readdir(join(copy, 'migrations'))).toEqual(before);
  });

  test('wants a name of a verb and a noun', async () => {
    expect(await run('new', 'Stuff')).toMatchObject({
      code: 1,
      output: expect.stringContaining('verb_noun') as string,
    });
  });

  test('writes a migration that goes up and down, from one line in an entity', async () => {
    const entity = join(copy, 'src/entities/identity/Role.ts');
    await writeFile(
      entity,
      (await readFile(entity, 'utf8')).replace(
        '    isBuiltin:',
        '    colour: text(7).nullable(),\n    isBuiltin:',
      ),
    );
    expect((await run('check')).code).toBe(1);

    expect(await run('new', 'add_role_colour')).toMatchObject({ code: 0 });
    const written = await readdir(join(copy, 'migrations'));
    const name = written.find((file) => file.endsWith('_add_role_colour.ts')) ?? '';
    expect(await readFile(join(copy, 'migrations', name), 'utf8')).toMatch(
      /add[^;]*"colour"[^]*down[^]*drop column "colour"/,
    );

    expect((await run('check')).code).toBe(0);
    expect((await run('migrate', 'up')).output).toContain('add_role_colour');
    expect(await run('migrate', 'down')).toMatchObject({
      code: 0,
      output: expect.stringContaining('add_role_colour') as string,
    });
    expect((await run('migrate', 'up')).code).toBe(0);
  });
});
