/** `npm run db:new -- <verb_noun>`: writes a migration that takes the migrated schema to what the entities say. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../embedded/startEmbedded.ts';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../openDatabase.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z]+(_[a-z]+)+$/.test(name)) {
  console.error('Name the migration verb_noun, for instance: npm run db:new -- add_task_labels');
  process.exit(1);
}

/** One statement a call, as the migrations stand in the repository. */
function toCalls(sql: string): string {
  return sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => statement !== '' && !statement.startsWith('set names'))
    .map((statement) => `    this.addSql(\`${statement.replaceAll(/[\\`]|\$\{/g, String.raw`\$&`)}\`);`)
    .join('\n');
}

const dataDir = await mkdtemp(join(tmpdir(), 'tessera-new-'));
const embedded = await startEmbedded({ dataDir, durable: false });
try {
  await using database = await openDatabase(embedded.connection, { poolSize: 4, onPoolError: () => {} });
  await migrate(database.orm, database.reads);
  const { up, down } = await database.orm.schema.getUpdateSchemaMigrationSQL();
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const timeout = `    this.addSql(\`set local lock_timeout = '5s'\`);`;
  const text = `import { Migration } from '@mikro-orm/migrations';

export class Migration${stamp} extends Migration {
  override up(): void {
${timeout}
${toCalls(up)}
  }

  override down(): void {
${timeout}
${toCalls(down)}
  }
}
`;
  const file = join('migrations', `${stamp}_${name}.ts`);
  await writeFile(file, text);
  console.log(`Wrote ${file}. Read it: expand first, contract in a later release; down must undo up.`);
} finally {
  await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
}
