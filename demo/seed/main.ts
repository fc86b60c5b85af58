/** Data to look at, or to measure with: `npm run seed`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { hashPassword } from '../../src/domain/identity/passwords.ts';
import { provideDatabase } from '../../src/database/provideDatabase.ts';
import { runCommand } from '../../src/runCommand.ts';
import { runOnDatabase } from '../../src/runOnDatabase.ts';
import { readSettings } from '../../src/settings.ts';
import { startTessera } from '../../src/startTessera.ts';
import pg from 'pg';
import { toPgConfig } from '../../src/database/openDatabase.ts';
import { findTessera } from '../provideServer.ts';
import { toDemoError } from '../DemoError.ts';
import { copyRows } from './large/copyRows.ts';
import { fillLarge, languages } from './large/fillLarge.ts';
import { seedDemo } from './seedDemo.ts';

const usage = `Usage: npm run seed [-- --size demo|large] [--patterns <count>]

  demo     some thousands of rows in five projects, made through the procedures: of the Tessera on 127.0.0.1:PORT
           (3000) if one runs there, else of one that is started for as long as it takes
  large    a million patterns and 100,000 file translations (or as many as --patterns and --translations say, from
           1,000 and 20 on), made by the database itself, for measuring: without an event and a row of history for
           each, with one entry of the audit log; the last line is JSON, where seed_vs_copy compares the
           rate with COPY of the same rows

The data lies where the server's settings say (DATABASE_URL, or DATA_DIR). Exit code: 0 done, 1 failed, 2 wrong usage.
`;

async function runDemo(): Promise<void> {
  await using closing = new AsyncDisposableStack();
  const settings = readSettings(process.env);
  // Beside the data directory: nothing in it may be read as a repository.
  const directory = resolve(settings.DATA_DIR, '..', '.tessera-seed');
  let url = await findTessera();
  if (url === undefined) {
    console.log('No Tessera runs here: starting one for as long as it takes …');
    const provided = closing.use(await provideDatabase(settings));
    const started = await startTessera({
      settings: {
        ...settings,
        PORT: 0,
        LOG_LEVEL: 'error',
        REPOSITORY_PATHS: [...(settings.REPOSITORY_PATHS ?? [process.cwd()]), directory],
      },
      connection: provided.connection,
      log: pino({ level: 'error' }, pino.destination(2)),
    });
    closing.defer(() => started.stop());
    ({ url } = started);
  }
  const began = performance.now();
  const { emails, password, rows } = await seedDemo(url, directory);
  for (const [project, count] of Object.entries(rows)) console.log(`${project.padEnd(10)} ${count} rows`);
  console.log(
    `in ${((performance.now() - began) / 1000).toFixed(0)} s. Sign in as ${emails.join(', ')} with the password ${password}`,
  );
}

async function runLarge(patterns: number, translations: number): Promise<void> {
  await runOnDatabase(readSettings(process.env), async ({ connection }) => {
    const pool = new pg.Pool({ ...toPgConfig(connection), max: 3 });
    try {
      const ownerId = uuidv7();
      const username = `seed-${ownerId.slice(-8)}`;
      const password = uuidv7();
      await pool.query(
        `insert into actors (id, actor_type, name, username, email, password_hash) values ($1, 'person', 'Seed', $2, $3, $4)`,
        [ownerId, username, `${username}@example.org`, await hashPassword(password)],
      );
      const large = await fillLarge(pool, ownerId, {
        patterns,
        files: Math.ceil(translations / languages.length),
      });
      console.log(
        `${patterns} patterns in ${large.seconds.toFixed(1)} s. Sign in as ${username}@example.org with the password ${password}`,
      );
      const copySeconds = await copyRows(pool, large);
      const round = (value: number) => Math.round(value * 100) / 100;
      console.log(
        JSON.stringify({
          seed: 'large',
          patterns,
          seed_seconds: round(large.seconds),
          copy_seconds: round(copySeconds),
          seed_rows_per_s: Math.round(patterns / large.seconds),
          copy_rows_per_s: Math.round(patterns / copySeconds),
          seed_vs_copy: round(copySeconds / large.seconds),
        }),
      );
    } finally {
      await pool.end();
    }
  });
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      size: { type: 'string', default: 'demo' },
      patterns: { type: 'string', default: '1000000' },
      translations: { type: 'string', default: '100000' },
    },
  });
  const [patterns, translations] = [Number(values.patterns), Number(values.translations)];
  const isRight =
    ['demo', 'large'].includes(values.size) &&
    Number.isInteger(patterns) &&
    patterns >= 1000 &&
    Number.isInteger(translations) &&
    translations >= languages.length;
  if (values.help || !isRight) {
    (values.help ? console.log : console.error)(usage);
    return values.help ? 0 : 2;
  }
  try {
    await (values.size === 'demo' ? runDemo() : runLarge(patterns, translations));
    return 0;
  } catch (error) {
    const { message, remedy } = toDemoError(error);
    console.error(remedy ? `${message}\nWhat to do: ${remedy}` : message);
    return 1;
  }
});
